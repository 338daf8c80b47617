"""UUIDv7 (RFC 9562 §5.7), made in Python, ordered within a process.

48 bits of Unix milliseconds, then one 42-bit counter over rand_a and the head of rand_b (RFC method 1: reseeded at
random each millisecond with its top bit clear, so that it has room to count), then 32 fresh random bits.
Python gains `uuid.uuid7` in 3.14; until then this is ours because the packages for it are slower or not ordered.
"""

import os
import threading
import time
from uuid import UUID

_VERSION_AND_VARIANT = (7 << 76) | (2 << 62)
_COUNTER_BITS = 42
_POOL_BYTES = 4096

_lock = threading.Lock()
_last_millisecond = 0
_counter = 0
_pool = b""
_pool_at = 0


def uuid7() -> UUID:
    """A new key, greater than every earlier one of this process, even when the clock steps back."""
    with _lock:
        high = _reserve(1)
        return UUID(int=_assemble(high, int.from_bytes(_random(4), "big")))


def uuid7_many(count: int) -> list[UUID]:
    """`count` new keys in order, for bulk inserts: one clock reading and one draw of randomness."""
    if count <= 0:
        return []
    with _lock:
        high = _reserve(count)
    noise = os.urandom(4 * count)
    return [
        UUID(int=_assemble(high + n, int.from_bytes(noise[4 * n : 4 * n + 4], "big")))
        for n in range(count)
    ]  # fmt: skip


def _reserve(count: int) -> int:
    """The first of `count` consecutive 90-bit prefixes (milliseconds and counter). The lock is held."""
    global _last_millisecond, _counter
    now = time.time_ns() // 1_000_000
    if now > _last_millisecond:
        _last_millisecond = now
        _counter = int.from_bytes(_random(6), "big") >> (48 - _COUNTER_BITS + 1)
    first = (_last_millisecond << _COUNTER_BITS) + _counter + 1
    _counter += count
    # A counter that runs over carries into the milliseconds: still unique and ordered, a moment ahead of the clock.
    _last_millisecond += _counter >> _COUNTER_BITS
    _counter &= (1 << _COUNTER_BITS) - 1
    return first


def _assemble(high: int, noise: int) -> int:
    milliseconds = high >> _COUNTER_BITS
    rand_a = (high >> 30) & 0xFFF
    rand_b = ((high & 0x3FFFFFFF) << 32) | noise
    return (milliseconds << 80) | (rand_a << 64) | rand_b | _VERSION_AND_VARIANT


def _random(size: int) -> bytes:
    """`size` bytes from a pool refilled by the operating system, which spares a system call a key. The lock is held."""
    global _pool, _pool_at
    if _pool_at + size > len(_pool):
        _pool, _pool_at = os.urandom(_POOL_BYTES), 0
    piece = _pool[_pool_at : _pool_at + size]
    _pool_at += size
    return piece


def _forget_after_fork() -> None:
    """A child must not repeat its parent's keys."""
    global _lock, _pool, _pool_at, _last_millisecond
    _lock = threading.Lock()
    _pool, _pool_at, _last_millisecond = b"", 0, 0


os.register_at_fork(after_in_child=_forget_after_fork)
