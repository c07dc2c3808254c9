// The machine of rust.rs, written by hand, as the event loop of a C program has it.
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct slot {
    bool is_ready;
    uint64_t number;
};

struct machine {
    enum { START, WAITS_FOR_ONE, WAITS_FOR_TWO, DONE } state;
    struct slot *one, *two;
    uint64_t a;
};

static bool take(struct slot *slot, uint64_t *number) {
    bool was_ready = slot->is_ready;
    slot->is_ready = false;
    if (was_ready) *number = slot->number;
    return was_ready;
}

// Returns whether it has ended.
bool poll(struct machine *machine, uint64_t *result) {
    uint64_t b;
    switch (machine->state) {
    case START:
        machine->state = WAITS_FOR_ONE;
        // fall through
    case WAITS_FOR_ONE:
        if (!take(machine->one, &machine->a)) return false;
        machine->state = WAITS_FOR_TWO;
        // fall through
    case WAITS_FOR_TWO:
        if (!take(machine->two, &b)) return false;
        machine->state = DONE;
        *result = machine->a + b;
        return true;
    default:
        abort();
    }
}
