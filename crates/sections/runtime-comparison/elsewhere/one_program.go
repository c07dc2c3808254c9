// Goroutines run the program of `measure` as the runtimes of Rust do: the same results, on all cores, by epoll.
// Proves D-13-1.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

const sleepers, channels, messages, clients, questions, computers, steps = 10000, 4, 100000, 100, 50, 64, 500000

func main() {
	var threads sync.Map
	timed("timers", timers)
	timed("channels", senders)
	timed("echo", echo)
	timed("cpu", func() uint64 { return cpu(&threads) })
	count := 0
	threads.Range(func(_, _ any) bool { count++; return true })
	fmt.Println("cpu on:", count)
	fmt.Println("threads:", field("Threads:"))
	fmt.Println("peak:", field("VmHWM:"), "KiB")
	fmt.Println("waits with:", waitsWith())
}

// Measures the second time: the first one sets up what the runtime keeps.
func timed(part string, run func() uint64) {
	run()
	start := time.Now()
	result := run()
	fmt.Printf("%s: %d ns, result %d\n", part, time.Since(start).Nanoseconds(), result)
}

func timers() uint64 {
	return sum(sleepers, func(n uint64) uint64 {
		time.Sleep(time.Duration(n%20+1) * time.Millisecond)
		return n
	})
}

func senders() uint64 {
	return sum(channels, func(uint64) (total uint64) {
		channel := make(chan uint64, 64)
		go func() {
			for message := uint64(0); message < messages; message++ {
				channel <- message
			}
			close(channel)
		}()
		for message := range channel {
			total += message
		}
		return total
	})
}

func echo() uint64 {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	defer listener.Close()
	go func() {
		for i := 0; i < clients; i++ {
			stream, err := listener.Accept()
			must(err)
			go serve(stream)
		}
	}()
	return sum(clients, func(number uint64) uint64 { return ask(listener.Addr().String(), byte(number)) })
}

// Ends when the client goes.
func serve(stream net.Conn) {
	defer stream.Close()
	var buffer [64]byte
	for {
		if _, err := io.ReadFull(stream, buffer[:]); err != nil {
			return
		}
		if _, err := stream.Write(buffer[:]); err != nil {
			return
		}
	}
}

func ask(address string, number byte) (answered uint64) {
	stream, err := net.Dial("tcp", address)
	must(err)
	defer stream.Close()
	var question, answer [64]byte
	for i := range question {
		question[i] = number
	}
	for i := 0; i < questions; i++ {
		_, err := stream.Write(question[:])
		must(err)
		_, err = io.ReadFull(stream, answer[:])
		must(err)
		if answer == question {
			answered++
		}
	}
	return answered
}

func cpu(threads *sync.Map) uint64 {
	return sum(computers, func(seed uint64) uint64 {
		threads.Store(syscall.Gettid(), true)
		state := seed + 1
		for i := 0; i < steps; i++ {
			state ^= state << 13
			state ^= state >> 7
			state ^= state << 17
		}
		return state & 0xffff
	})
}

// Runs `count` goroutines and adds what they return.
func sum(count uint64, task func(uint64) uint64) (total uint64) {
	results := make(chan uint64, count)
	for number := uint64(0); number < count; number++ {
		number := number
		go func() { results <- task(number) }()
	}
	for number := uint64(0); number < count; number++ {
		total += <-results
	}
	return total
}

// The number in `VmHWM:      5232 kB`.
func field(name string) string {
	status, err := os.ReadFile("/proc/self/status")
	must(err)
	_, after, _ := strings.Cut(string(status), name)
	return strings.Fields(after)[0]
}

func waitsWith() string {
	descriptors, err := os.ReadDir("/proc/self/fd")
	must(err)
	for _, descriptor := range descriptors {
		if target, _ := os.Readlink("/proc/self/fd/" + descriptor.Name()); strings.Contains(target, "[eventpoll]") {
			return "epoll"
		}
	}
	return "neither"
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Prints:
//     timers: [0-9]* ns, result 49995000
//     channels: [0-9]* ns, result 19999800000
//     echo: [0-9]* ns, result 5000
//     cpu: [0-9]* ns, result 2128249
//     cpu on: [0-9]*
//     threads: [0-9]*
//     peak: [0-9]* KiB
//     waits with: epoll
