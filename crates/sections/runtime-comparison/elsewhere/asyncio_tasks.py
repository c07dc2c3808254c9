# 1,000 tasks of asyncio run on one thread, one at a time. A coroutine is an object on the heap.
# Proves G-1.3-5, G-1.3-7, D-1-2.
import asyncio
import threading

order = []


async def task(name):
    order.append(f"{name} begins")
    await asyncio.sleep(0)
    order.append(f"{name} goes on")


async def thread():
    await asyncio.sleep(0)
    return threading.get_ident()


async def main():
    threads = await asyncio.gather(*(thread() for _ in range(1000)))
    print(f"1000 tasks: {len(set(threads))} thread, {threading.active_count()} in the process")
    await asyncio.gather(task("A"), task("B"))
    print(", ".join(order))


asyncio.run(main())
one, other = thread(), thread()
print(f"two calls, two objects: {str(one is not other).lower()}, {one.__sizeof__()} bytes")
one.close(), other.close()
try:
    compile("def plain(): await task('C')", "plain", "exec")
except SyntaxError as error:
    print(f"await in a plain function: {error.msg}")

# Prints:
#     1000 tasks: 1 thread, 1 in the process
#     A begins, B begins, A goes on, B goes on
#     two calls, two objects: true, [1-9][0-9]* bytes
#     await in a plain function: 'await' outside async function
