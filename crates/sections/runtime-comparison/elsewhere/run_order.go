// The goroutine that was started last runs first: Go's `runnext` does what Tokio's LIFO slot does.
// Proves D-0-8, D-13-4.
package main

import (
	"fmt"
	"runtime"
)

func main() {
	runtime.GOMAXPROCS(1)
	names := make(chan string, 3)
	for _, name := range []string{"A", "B", "C"} {
		name := name
		go func() { names <- name }()
	}
	fmt.Println("started A B C, run", <-names, <-names, <-names)
}

// Prints:
//     started A B C, run C A B
