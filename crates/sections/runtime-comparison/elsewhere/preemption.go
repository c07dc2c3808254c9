// Go interrupts a loop that does not give way, by a signal. With asyncpreemptoff=1 the neighbour waits for its end.
// Proves G-1.3-7, D-13-5, D-13-6, D-19-5.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	if os.Getenv("CHILD") != "" {
		child()
		return
	}
	for _, setting := range []string{"asyncpreemptoff=0", "asyncpreemptoff=1"} {
		again := exec.Command(os.Args[0])
		again.Env = append(os.Environ(), "CHILD=yes", "GODEBUG="+setting)
		out, err := again.Output()
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s: %s", setting, out)
	}
}

func child() {
	runtime.GOMAXPROCS(1)
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, syscall.SIGURG)
	var ended int32
	go func() {
		sum := 0
		// A second or so: a hundred times as long as Go leaves a goroutine alone.
		for i := 0; i < 3_000_000_000; i++ {
			sum += i
		}
		atomic.StoreInt32(&ended, 1)
	}()
	time.Sleep(time.Millisecond)
	duringTheLoop := atomic.LoadInt32(&ended) == 0
	for atomic.LoadInt32(&ended) == 0 {
		runtime.Gosched()
	}
	fmt.Println("neighbour during the loop", duringTheLoop, "SIGURG", len(interrupts) > 0)
}

// Prints:
//     asyncpreemptoff=0: neighbour during the loop true SIGURG true
//     asyncpreemptoff=1: neighbour during the loop false SIGURG false
