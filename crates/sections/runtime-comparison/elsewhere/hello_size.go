// The smallest programs of Go carry its whole runtime: about 2 MB with `fmt`, less than 1 MB without it, stripped.
// Proves D-10-8, D-13-7, D-19-7.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	folder, err := os.MkdirTemp("", "hello")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	with := "package main\nimport \"fmt\"\nfunc main() { fmt.Println(\"hello\") }\n"
	without := "package main\nfunc main() { println(\"hello\") }\n"
	fmt.Printf("with fmt: %.2f MB\n", built(folder, with, ""))
	fmt.Printf("with fmt, stripped: %.2f MB\n", built(folder, with, "-s -w"))
	fmt.Printf("without fmt, stripped: %.2f MB\n", built(folder, without, "-s -w"))
}

// Returns the size of the program, in MB.
func built(folder, source, flags string) float64 {
	main, hello := filepath.Join(folder, "main.go"), filepath.Join(folder, "hello")
	if err := os.WriteFile(main, []byte(source), 0o644); err != nil {
		panic(err)
	}
	build := exec.Command("go", "build", "-ldflags", flags, "-o", hello, main)
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		panic(err)
	}
	file, err := os.Stat(hello)
	if err != nil {
		panic(err)
	}
	return float64(file.Size()) / 1e6
}

// Prints:
//     with fmt: [12].?? MB
//     with fmt, stripped: 1.?? MB
//     without fmt, stripped: 0.?? MB
