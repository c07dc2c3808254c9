# Python's types are hints: nothing checks them when the program runs.
# Proves G-1.3-10.
import asyncio


async def twice(n: int) -> int:
    return n * 2


print(f"twice('two') is {asyncio.run(twice('two'))!r}")

# Prints:
#     twice('two') is 'twotwo'
