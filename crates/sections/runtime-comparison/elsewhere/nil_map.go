// Go's compiler accepts programs that panic when they run, such as one that writes to a map that nobody has made.
// Proves G-1.3-6.
package main

import "fmt"

func main() {
	defer func() { fmt.Println("panic:", recover()) }()
	var ages map[string]int
	ages["nobody"] = 1
}

// Prints:
//     panic: assignment to entry in nil map
