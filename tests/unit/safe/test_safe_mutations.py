"""Whatever the bytes, a file is decoded or refused, and nothing else happens."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moving import animated, video
from PIL import Image

from tarazu.safe.child import Child
from tarazu.safe.decode import TASK, Decoded, decode
from tarazu.safe.refused import Refused


def still(form: str) -> bytes:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {"exif": exif} if form in ("JPEG", "PNG", "WEBP", "TIFF") else {}
    Image.radial_gradient("L").resize((60, 45)).convert("RGB").save(stream, form, **options)
    return stream.getvalue()


SEEDS = [
    *(still(form) for form in ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")),
    *(animated(form, [10, 200, 90], 0.7) for form in ("GIF", "PNG", "WEBP", "AVIF")),
    *(video(form, [10, 90, 170, 250]) for form in ("mp4", "webm", "mpegts")),
]


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child(TASK) as one:
        yield one


edits = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["set", "cut", "drop", "double"]),
        st.binary(max_size=5),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("seed", range(len(SEEDS)))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits)
def test_a_changed_file_is_decoded_or_refused(
    child: Child, seed: int, edits: list[tuple[float, str, bytes]]
) -> None:
    data = bytearray(SEEDS[seed])
    for share, how, value in edits:
        # Most of the danger is in the first bytes: half of the edits fall there.
        at = int(share * 2 * min(200, len(data))) if share < 0.5 else int(share * len(data))
        if how == "set":
            data[at : at + len(value)] = value
        elif how == "cut":
            del data[at:]
        elif how == "drop":
            del data[at : at + len(value)]
        else:
            data[at:at] = data[at : at + 40]
    try:
        got = decode(bytes(data), side=32, child=child)
    except Refused as refused:
        assert refused.reason.endswith(".")
        return
    assert isinstance(got, Decoded)
    assert got.frames
    assert all(max(frame.pixels.shape[:2]) <= 32 and frame.pixels.shape[2] == 3 for frame in got.frames)
