"""What compiled code says about bits that numba has no word for: population counts, prefetching, sixteen at once.

Each is a few instructions of LLVM, so it works on every processor and uses the best that the one at hand has.
numba stamps a compiled kernel with its own source alone: whoever changes this file changes the kernels' too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16  # postings that `agreeing` looks at in one step; arrays it reads are padded by as many
_WORD = ir.IntType(32)
_WORDS = ir.VectorType(_WORD, LANES)
_BYTE = ir.IntType(8)


@njit(nogil=True)
def cut(hashes: Any, row: Any, start: int, width: int) -> Any:
    """Return the `width` bits of a hash from `start` on; bit 0 is the lowest of the first word."""
    word, low = start >> 6, start & 63
    value = hashes[row, word] >> np.uint64(low)
    if low + width > 64:
        value |= hashes[row, word + 1] << np.uint64(64 - low)
    return value & ((np.uint64(1) << np.uint64(width)) - np.uint64(1))


@njit(nogil=True)
def apart(some: Any, one: Any, others: Any, other: Any) -> Any:
    """Return in how many bits two hashes differ: row `one` of `some` and row `other` of `others`, n x 4 words each."""
    near = popcount(some[one, 0] ^ others[other, 0]) + popcount(some[one, 1] ^ others[other, 1])
    far = popcount(some[one, 2] ^ others[other, 2]) + popcount(some[one, 3] ^ others[other, 3])
    return np.int64(near + far)


@intrinsic
def popcount(_: Any, word: Any) -> Any:
    """Return how many bits of an integer are set."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return word(word), code


@intrinsic
def trailing_zeros(_: Any, word: Any) -> Any:
    """Return the place of the lowest bit that is set; for 0 the width of the integer."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return word(word), code


@intrinsic
def prefetch(_: Any, array: Any, at: Any) -> Any:
    """Have the cache line with element `at` (counted flat) of a contiguous array brought near; never faults."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        where = builder.bitcast(builder.gep(data, [arguments[1]]), _BYTE.as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [where.type, _WORD, _WORD, _WORD])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [where.type], kind)
        # To read (0), to keep (3), data (1).
        builder.call(fetch, [where, ir.Constant(_WORD, 0), ir.Constant(_WORD, 3), ir.Constant(_WORD, 1)])
        return context.get_dummy_value()

    return types.void(array, types.uint64), code


@intrinsic
def agreeing(_: Any, array: Any, at: Any, wanted: Any, mask: Any, most: Any) -> Any:
    """Of the 16 words from `at` on, return those (a bit each) that differ from `wanted` in <= `most` bits of `mask`.

    The array is one-dimensional, contiguous, of uint32; reading past its end is the caller's to prevent.
    """

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, at, *rest = arguments
        data = context.make_array(signature.args[0])(context, builder, array).data
        wanted, mask, most = (_to_all_lanes(builder, one) for one in rest)
        where = builder.bitcast(builder.gep(data, [at]), _WORDS.as_pointer())
        apart = builder.and_(builder.xor(builder.load(where, align=4), wanted), mask)
        kind = ir.FunctionType(_WORDS, [_WORDS])
        count = cgutils.get_or_insert_function(builder.module, kind, f"llvm.ctpop.v{LANES}i32")
        near = builder.icmp_unsigned("<=", builder.call(count, [apart]), most)
        return builder.zext(builder.bitcast(near, ir.IntType(LANES)), _WORD)

    word = types.uint32
    return word(array, types.uint64, word, word, word), code


def _to_all_lanes(builder: Any, word: Any) -> Any:
    nothing = ir.Constant(_WORDS, ir.Undefined)
    first = builder.insert_element(nothing, word, ir.Constant(_WORD, 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(_WORDS, [0] * LANES))
