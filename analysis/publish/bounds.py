"""Bounds of a process that works for one reader: memory, no other process, no other machine."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

#: A kernel's address space, bytes; a calculation that runs away fails alone.
MOST_MEMORY = 4 << 30
#: Widgets that callbacks may make beside those of the notebook; so many of them may be out of
#: the page's sight before those are closed.
MOST_MADE, MOST_UNSEEN = 1_000, 200
#: What a reader may set on an ordinary control; everything else of it is the notebook's.
CONTROL_TRAITS = frozenset({"value", "index"})
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_CLONE_THREAD = 0x10000
#: Where seccomp's data hold the call's number, the machine's kind, and the first argument.
_NUMBER, _KIND, _FIRST = 0, 4, 16
_LOAD, _EQUALS, _AT_LEAST, _HAS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
#: From here on the calls of x86-64 have second numbers, for programs of 32-bit pointers.
_SECOND = 0x40000000
#: By machine: its kind; its calls fork, vfork, execve and execveat; clone; clone3; socket.
_CALLS = {
    "x86_64": (0xC000003E, (57, 58, 59, 322), 56, 435, 41),
    "aarch64": (0xC00000B7, (221, 281), 220, 435, 198),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def bound_memory() -> None:
    """Bound this process's memory, and let it leave none of it on the disk."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def stay_alone(offline: bool = False) -> bool:
    """Let this process start no other, and speak to none if told; for good. Threads it may.

    A limit on processes counts all of a user's, other readers' kernels among them, and does
    not hold for root: so the system is asked to refuse the calls that start one.

    Parameters
    ----------
    offline : no new line to anybody, on this machine or another; those that are open stay

    Returns
    -------
    Whether the system does; where it can't, a container's or a unit's limit has to do
    """
    if platform.machine() not in _CALLS:
        return False
    kind, starts, clone, clone3, line = _CALLS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, _KIND),
        (_EQUALS, 1, 0, kind),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM),  # another kind's numbers mean other calls
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _SECOND),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM),
        # What clone3 is to start stands in memory, out of sight: libraries then go on to clone.
        (_EQUALS, 0, 1, clone3),
        (_RETURN, 0, 0, _REFUSE | errno.ENOSYS),
        *(step for call in starts
          for step in ((_EQUALS, 0, 1, call), (_RETURN, 0, 0, _REFUSE | errno.EPERM))),
        *([(_EQUALS, 0, 1, line), (_RETURN, 0, 0, _REFUSE | errno.EPERM)] if offline else []),
        (_EQUALS, 0, 2, clone),
        (_LOAD, 0, 0, _FIRST),
        (_HAS, 0, 1, _CLONE_THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM),
    ]  # fmt: skip
    program = _Program(len(steps), b"".join(struct.pack("HBBI", *step) for step in steps))
    prctl = ctypes.CDLL(None).prctl
    alone = prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    return alone and prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program)) == 0
