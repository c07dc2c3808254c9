// A goroutine begins with a stack of 2,048 bytes. The stack grows when the goroutine needs more.
// Proves G-1.3-7, D-13-2, D-13-3.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

const many = 10_000

func main() {
	// A collection would change the size that a new goroutine begins with.
	debug.SetGCPercent(-1)
	before := stacks()
	for i := 0; i < many; i++ {
		go func() { select {} }()
	}
	// Rounded: a few stacks are kept in reserve.
	each := (stacks() - before + many/2) / many / 16 * 16
	fmt.Println("each of 10000 goroutines:", each, "bytes of stack")

	deep := make(chan int)
	go func() { deep <- depth(100_000) }()
	fmt.Println("one calls itself", <-deep, "deep")
}

func stacks() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.StackInuse
}

func depth(levels int) int {
	if levels == 0 {
		return 0
	}
	return depth(levels-1) + 1
}

// Prints:
//     each of 10000 goroutines: 2048 bytes of stack
//     one calls itself 100000 deep
