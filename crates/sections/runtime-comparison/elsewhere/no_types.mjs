// JavaScript has no types to check: a wrong argument is found while the program runs, or never.
// Proves G-1.3-10.
const twice = async n => n * 2;

console.log(`twice('two') is ${await twice('two')}`);
try {
    twice(2).toFixed(); // Without `await` it is a promise.
} catch (error) {
    console.log(`twice(2).toFixed() is a ${error.name} at run time`);
}

// Prints:
//     twice('two') is NaN
//     twice(2).toFixed() is a TypeError at run time
