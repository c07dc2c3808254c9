// A read suspends its goroutine and not its thread, in any plain function: 500 of them take a handful of threads.
// Proves G-1.3-7, D-1-1, D-10-7, D-13-1, D-19-5, D-19-7.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
)

const many = 500

func main() {
	var writers []*os.File
	answers := make(chan string, many)
	for i := 0; i < many; i++ {
		reader, writer, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		writers = append(writers, writer)
		go func() { answers <- plain(reader) }()
	}
	for waiting() < many {
		runtime.Gosched()
	}
	fmt.Println(many, "reads wait, on", pprof.Lookup("threadcreate").Count(), "threads")
	for _, writer := range writers {
		writer.Write([]byte("!"))
	}
	for range writers {
		<-answers
	}
	fmt.Println("all of them have ended")
}

// Nothing in it says that it may be suspended, nor in what it calls.
func plain(reader *os.File) string { return readOne(reader) }

func readOne(reader *os.File) string {
	buffer := make([]byte, 1)
	reader.Read(buffer)
	return string(buffer)
}

// Returns how many goroutines are suspended in a read.
func waiting() int {
	stacks := make([]byte, 4<<20)
	return strings.Count(string(stacks[:runtime.Stack(stacks, true)]), "[IO wait")
}

// Prints:
//     500 reads wait, on [1-9] threads
//     all of them have ended
