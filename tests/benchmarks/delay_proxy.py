"""A slow line on loopback: every chunk arrives a set time later, both ways.

    python tests/benchmarks/delay_proxy.py LISTEN_PORT TARGET_PORT [MILLISECONDS]

It passes bytes of TCP connections, so HTTP and WebSocket alike. Order is kept
and bandwidth is not limited: chunks that are under way at once wait at once.
"""

from __future__ import annotations

import asyncio
import sys

CHUNK = 1 << 16


async def delayed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Copy `reader` to `writer`, each chunk `delay` seconds after it came."""
    loop = asyncio.get_running_loop()
    line: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def receive() -> None:
        try:
            while chunk := await reader.read(CHUNK):
                line.put_nowait((loop.time() + delay, chunk))
        except ConnectionError:
            pass  # a reset ends the line like a close does
        line.put_nowait((loop.time() + delay, b""))

    receiving = asyncio.create_task(receive())
    try:
        while True:
            due, chunk = await line.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not chunk:
                break
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except (ConnectionError, OSError):
        pass  # the other side has gone; there is nobody to tell
    finally:
        receiving.cancel()


async def serve(target_port: int, delay: float, port: int = 0) -> asyncio.Server:
    """Listen on loopback and pass connections to `target_port`, `delay` seconds each way."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target_port)
        except OSError:
            writer.close()
            return
        try:
            await asyncio.gather(
                delayed(reader, far_writer, delay), delayed(far_reader, writer, delay)
            )
        finally:
            far_writer.close()
            writer.close()

    return await asyncio.start_server(connected, "127.0.0.1", port)


async def main(port: int, target_port: int, milliseconds: float) -> None:
    """Serve until the process is ended."""
    server = await serve(target_port, milliseconds / 1000, port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float((*sys.argv, 100)[3])))
