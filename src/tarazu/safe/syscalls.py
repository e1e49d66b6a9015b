"""What a child may no longer ask of a Linux kernel: to connect, to start a program, to write or remove a file.

A decoder that a file has taken over then still holds only its pipe. Where the kernel or the machine has no such filter,
nothing is done, and the other limits stand alone.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys

_X86, _ARM = 0xC000003E, 0xC00000B7  # what the kernel calls the architectures
# The numbers of the calls that are refused: sockets; processes and programs; other processes and their memory; files
# made, moved, removed; the kernel's odd corners.
_NEVER = {
    _X86: (
        (41, 42, 53),
        (57, 58, 59, 322),
        (62, 101, 310, 311),
        (76, 82, 83, 84, 85, 86, 87, 88, 90, 92, 133, 258, 259, 263, 264, 265, 266, 268, 316),
        (165, 248, 249, 250, 272, 298, 308, 319, 321, 323, 425),
    ),
    _ARM: (
        (198, 199, 203),
        (221, 281),
        (117, 129, 270, 271),
        (33, 34, 35, 36, 37, 38, 45, 53, 54, 276),
        (40, 97, 217, 218, 219, 241, 268, 279, 280, 282, 425),
    ),
}
_UNKNOWN = (
    435,
    437,
)  # clone3, openat2: said to be missing, so that the C library asks the way that is looked at
_CLONE = {_X86: 56, _ARM: 220}
_OPENS = {
    _X86: ((2, 1), (257, 2)),
    _ARM: ((56, 2),),
}  # open, openat: the number, and which argument has the flags
_SECCOMP = {_X86: 317, _ARM: 277}

_ALLOW, _REFUSE, _MISSING = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38  # errors: not permitted, no such call
_LOAD, _EQUAL, _AT_LEAST, _AND, _ANSWER = 0x20, 0x15, 0x35, 0x54, 0x06
_THREAD = 0x00010000  # of clone: a thread, not a process
_WRITING = 0o3 | 0o100 | 0o1000  # of open: to write, to make, to empty


def give_up() -> bool:
    """Give the abilities up for good, for every thread; return whether the kernel agreed."""
    machine = {"x86_64": _X86, "aarch64": _ARM}.get(platform.machine())
    if sys.platform != "linux" or machine is None or ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    code = b"".join(_program(machine))
    lines = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(lines))
    program = ctypes.create_string_buffer(head, len(head))
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(38, 1, 0, 0, 0):  # no new privileges: asked for before a filter
        return False
    return bool(kernel.syscall(_SECCOMP[machine], 1, 1, ctypes.byref(program)) == 0)


def _program(machine: int) -> list[bytes]:
    """Return the filter, a line for a step; a jump is counted in lines from the next one."""

    def line(what: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("=HBBI", what, yes, no, value)

    refuse, allow = line(_ANSWER, _REFUSE), line(_ANSWER, _ALLOW)
    out = [line(_LOAD, 4), line(_EQUAL, machine, 1, 0), refuse, line(_LOAD, 0)]
    out += [line(_AT_LEAST, 0x40000000, 0, 1), refuse]  # the other way to number calls on x86
    for number in (one for row in _NEVER[machine] for one in row):
        out += [line(_EQUAL, number, 0, 1), refuse]
    for number in _UNKNOWN:
        out += [line(_EQUAL, number, 0, 1), line(_ANSWER, _MISSING)]
    out += [line(_EQUAL, _CLONE[machine], 0, 5), line(_LOAD, 16), line(_AND, _THREAD)]
    out += [line(_EQUAL, 0, 0, 1), refuse, allow]
    for number, argument in _OPENS[machine]:
        out += [line(_EQUAL, number, 0, 5), line(_LOAD, 16 + 8 * argument), line(_AND, _WRITING)]
        out += [line(_EQUAL, 0, 1, 0), refuse, allow]
    return [*out, allow]
