// An idle processor steals the older half of another's queue and runs the last one of it first, as Tokio does.
// Proves D-0-7, D-6-13, D-13-4.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"sync/atomic"
)

const queued = 64

func main() {
	if os.Getenv("GODEBUG") != "asyncpreemptoff=1" {
		// Both processors are kept busy by loops, which nothing must interrupt.
		again := exec.Command(os.Args[0])
		again.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1")
		again.Stdout, again.Stderr = os.Stdout, os.Stderr
		if err := again.Run(); err != nil {
			panic(err)
		}
		return
	}
	runtime.GOMAXPROCS(2)
	debug.SetGCPercent(-1)
	fmt.Println("of", queued, "it took", thefts(rob()))
}

// Returns the numbers of the goroutines in the order in which the thief ran them.
func rob() []int32 {
	var busy, open, next int32
	var order [queued]int32
	go func() {
		atomic.StoreInt32(&busy, 1)
		for atomic.LoadInt32(&open) == 0 {
		}
		// The processor of this goroutine has nothing else to do: it steals.
	}()
	for atomic.LoadInt32(&busy) == 0 {
	}
	for i := int32(0); i < queued; i++ {
		i := i
		go func() { order[atomic.AddInt32(&next, 1)-1] = i }()
	}
	// Takes the place of the last of them in `runnext`, which is not a part of the queue.
	go func() {}()
	atomic.StoreInt32(&open, 1)
	for atomic.LoadInt32(&next) < queued {
	}
	return order[:]
}

// A theft begins with the newest goroutine that has run so far.
func thefts(order []int32) (sizes []int) {
	newest := int32(-1)
	for _, number := range order {
		if number > newest {
			newest, sizes = number, append(sizes, 0)
		}
		sizes[len(sizes)-1]++
	}
	return sizes
}

// Prints:
//     of 64 it took \[32 16 8 4 2 1 1\]
