"""The slow line is slow in both directions and changes no byte."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

from delay_proxy import serve

DELAY = 0.05
CLOCK = 0.002  # an event loop may wake a clock tick early


async def conversation(payload: bytes) -> tuple[float, float, bytes, bytes]:
    """Time a first byte there and its answer back; send `payload` there and back."""
    arrivals: list[float] = []
    heard = bytearray()

    async def far(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        arrivals.append(time.perf_counter())
        writer.write(first)
        while chunk := await reader.read(4096):
            heard.extend(chunk)
            writer.write(chunk)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(far, "127.0.0.1", 0)
    proxy = await serve(server.sockets[0].getsockname()[1], DELAY)
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.sockets[0].getsockname()[1])
    start = time.perf_counter()
    writer.write(b"?")
    await reader.readexactly(1)
    back = time.perf_counter()
    writer.write(payload)
    writer.write_eof()
    answer = await reader.read(-1)
    writer.close()
    proxy.close()
    server.close()
    return arrivals[0] - start, back - arrivals[0], bytes(heard), answer


def test_each_direction_takes_the_delay_and_every_byte_arrives_in_order(alone: Any) -> None:
    payload = os.urandom(1_000_000)
    there, back, heard, answer = alone(conversation(payload))
    assert there >= DELAY - CLOCK
    assert back >= DELAY - CLOCK
    assert heard == payload
    assert answer == payload
