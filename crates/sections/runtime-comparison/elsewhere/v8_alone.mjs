// V8 alone has promises, but no timers and no sockets: the event loop belongs to its host, here Node.
// Proves G-1.3-4.
import { runInNewContext } from 'node:vm';

for (const name of ['Promise', 'setTimeout', 'fetch'])
    console.log(`${name}: ${runInNewContext(`typeof ${name}`)} in V8 alone, ${typeof globalThis[name]} in Node`);

// Prints:
//     Promise: function in V8 alone, function in Node
//     setTimeout: undefined in V8 alone, function in Node
//     fetch: undefined in V8 alone, function in Node
