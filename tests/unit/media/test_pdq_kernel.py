"""PDQ of ours against the reference, and against pictures that were turned first."""

from __future__ import annotations

import numpy as np
import pdqhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tarazu.media import pdq

SHAPES = st.tuples(st.integers(64, 500), st.integers(64, 500))  # smaller ones have no spectrum to speak of


def drawn(height, width, seed):
    rng = np.random.default_rng(seed)
    small = (rng.random((rng.integers(4, 20), rng.integers(4, 20), 3)) * 255).astype(np.uint8)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))


def reference(pixels):
    bits, quality = pdqhash.compute(np.ascontiguousarray(pixels))
    return np.packbits(np.asarray(bits).astype(np.uint8)).view(">u8").astype(np.uint64), quality


@settings(max_examples=40)
@given(SHAPES, st.integers(0, 2**32))
def test_upright_hashes_and_quality_are_those_of_the_reference(shape, seed):
    pixels = drawn(*shape, seed)
    ours, quality = pdq.of_pixels(pixels)
    theirs, their_quality = reference(pixels)
    assert pdq.distance(ours, theirs) == 0
    assert quality == their_quality


@settings(max_examples=15)
@given(SHAPES, st.integers(0, 2**32))
def test_a_turned_hash_is_the_hash_of_the_turned_picture(shape, seed):
    pixels = drawn(*shape, seed)
    hashes, _ = pdq.turned(pixels)
    upside = pixels.transpose(1, 0, 2)
    views = [
        *(np.rot90(pixels, quarter) for quarter in range(4)),
        pixels[::-1],
        pixels[:, ::-1],
        upside,
        np.rot90(upside, 2),
    ]
    for ours, view in zip(hashes, views, strict=True):
        # A transposed spectrum is summed in another order: a frequency at the very median may fall to either side.
        assert pdq.distance(ours, reference(view)[0]) <= 4


def test_words_and_digits_are_the_same_hash():
    words, _ = pdq.of_pixels(drawn(300, 200, 5))
    assert np.array_equal(pdq.one(pdq.text(words[None, :])[0]), words)
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        pdq.one("abc")
