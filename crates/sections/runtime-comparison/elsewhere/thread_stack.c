// A thread of C reserves as much stack as `ulimit -s` says, which is 8 MiB on most systems. A thread of Rust reserves 2 MiB.
// Proves G-1.2-2, G-8.2-1.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>

int main(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_STACK, &limit);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    size_t stack;
    pthread_attr_getstacksize(&attributes, &stack);
    printf("a thread reserves %zu KiB, the limit: %s\n", stack / 1024, stack == limit.rlim_cur ? "yes" : "no");
}

// Prints:
//     a thread reserves 8192 KiB, the limit: yes
