// In JavaScript one thread runs everything, and a task gives way only where it awaits. Each call makes a promise on the heap.
// Proves G-1.3-5, G-1.3-7, D-1-2.
const order = [];

async function task(name) {
    order.push(`${name} begins`);
    await null;
    order.push(`${name} goes on`);
}

const timer = new Promise(done => setTimeout(() => done(order.push('timer')), 0));
const [a, b] = [task('A'), task('B')];
// The timer is due before this loop ends.
for (const end = Date.now() + 50; Date.now() < end;);
order.push('loop ends');
await timer;
console.log(order.join(', '));

const before = process.memoryUsage().heapUsed;
const calls = Array.from({ length: 100_000 }, () => new Promise(() => {}));
const each = (process.memoryUsage().heapUsed - before) / calls.length;
console.log(`two calls, two promises: ${a !== b}; on the heap: ${each > 24}`);

try {
    new Function('await null');
} catch (error) {
    console.log(`await in a plain function: ${error.name}`);
}

// Prints:
//     A begins, B begins, loop ends, A goes on, B goes on, timer
//     two calls, two promises: true; on the heap: true
//     await in a plain function: SyntaxError
