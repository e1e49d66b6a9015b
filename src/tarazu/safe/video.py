"""Video: packets are counted first, then frames are decoded in order and about one a second is given back.

Only the demuxers and decoders named here are used, the file is the only thing that can be read, and claims about
length or number of frames count for nothing. A video that costs more than its bytes allow is read on by its key
frames alone.
"""

from __future__ import annotations

import contextlib
import io
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tarazu.safe import jail
from tarazu.safe.decoded import Frame, Opened, Pixels
from tarazu.safe.limits import Limits
from tarazu.safe.refused import Refused
from tarazu.safe.still import check

DEMUXERS = {"mp4": "mov", "mov": "mov", "avif": "mov", "webm": "matroska", "mkv": "matroska", "ts": "mpegts"}
DECODERS = "av1,h263,h264,hevc,libdav1d,libvpx,libvpx-vp9,mjpeg,mpeg1video,mpeg2video,mpeg4,theora,vp8,vp9"
LONGEST = 10.0  # seconds one frame can count for, whatever its times claim
SHORTEST = 1 / 240
FULL = 0.6  # share of the computing time left after which only key frames are decoded
BAD = 500  # packets that may be damaged, one after another

av.logging.set_level(None)


def open_video(data: bytes, kind: str, side: int, limits: Limits) -> Opened:
    """Check the header and count the packets; frames come as they are taken. Raises Refused."""
    jail.extend(limits.moving_cpu(len(data)) - limits.cpu_seconds)
    with _translated(kind):
        with _container(data, kind, limits) as container:
            stream = _stream(container)
            width, height = stream.codec_context.width, stream.codec_context.height
            check((width, height), limits)
            seconds, count = _length(container, stream)
        if width * height * count > limits.decoded:
            raise Refused(
                f"The video has {count:,} frames of {width:,} x {height:,} pixels, more than are decoded."
            )
        container = _container(data, kind, limits)
    left = jail.left()
    budget = FULL * (limits.moving_cpu(len(data)) if left is None else left)
    reel = _Reel(container, kind, side, limits, seconds, budget)
    frames = reel.frames()
    first = _first(frames)
    size = (height, width) if reel.quarters % 2 else (width, height)
    return Opened(kind, *size, _chained(first, frames), seconds)


def _first(frames: Iterator[Frame]) -> Frame:
    for frame in frames:
        return frame
    raise Refused("Not one frame of the video can be decoded.")


def _chained(first: Frame, rest: Iterator[Frame]) -> Iterator[Frame]:
    with jail.paused():
        yield first
    for frame in rest:
        with jail.paused():
            yield frame


def _container(data: bytes, kind: str, limits: Limits) -> InputContainer:
    options = {
        "codec_whitelist": DECODERS,
        "enable_drefs": "0",
        "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts",
        "max_pixels": str(limits.pixels),
        "max_streams": "32",
        "probesize": "5000000",
        "protocol_whitelist": "none",
        "threads": "1",
    }
    return av.open(
        io.BytesIO(data),
        "r",
        format=DEMUXERS[kind],
        options=options,
        io_open=_nothing_else,
        metadata_errors="ignore",
    )


def _nothing_else(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    """Stand in the way of a file that wants to open another."""
    raise Refused("The file wants to open another file.")


def _stream(container: InputContainer) -> VideoStream:
    """Return the video stream with the most frames that is not a cover picture."""
    streams = [
        one
        for one in container.streams.video
        if not one.disposition & av.stream.Disposition.attached_pic and one.codec_context.width
    ]
    if not streams:
        raise Refused("The file has no video that can be decoded.")
    best = max(streams, key=lambda one: (one.frames, bool(one.disposition & av.stream.Disposition.default)))
    best.thread_count = 1
    return best


def _length(container: InputContainer, stream: VideoStream) -> tuple[float, int]:
    """Return the seconds and the packets that are really there."""
    times, base, count = array("d"), float(stream.time_base or 0), 0
    with contextlib.suppress(av.error.InvalidDataError, av.error.EOFError):
        for packet in container.demux(stream):
            if packet.size:
                count += 1
                times.append((packet.pts or packet.dts or 0) * base)
    steps = np.diff(np.sort(np.frombuffer(times, np.float64)))
    usual = float(np.median(steps)) if len(steps) else 1 / 25
    return float(np.clip(steps, SHORTEST, LONGEST).sum()) + min(max(usual, SHORTEST), LONGEST), count


@dataclass
class _Reel:
    """One way through the frames."""

    container: InputContainer
    kind: str
    side: int
    limits: Limits
    seconds: float
    budget: float  # seconds of computing before only key frames are decoded
    quarters: int = 0  # counter-clockwise turns that the file asks for

    def frames(self) -> Iterator[Frame]:
        step = max(1.0, self.seconds / max(1, self.limits.frames - 1))
        clock, due, given, last = 0.0, 0, 0, None
        with self.container:
            for picture in self._decoded():
                moment = picture.time
                if last is not None:
                    clock += min(max((moment or 0.0) - last, SHORTEST), LONGEST)
                last = moment or 0.0
                if clock + 1e-6 < due * step:
                    continue
                if given == self.limits.frames:
                    raise Refused("The times in the video make no sense.")
                given, due = given + 1, int((clock + 1e-6) / step) + 1
                with _translated(self.kind):
                    frame = Frame(self._small(picture), clock)
                yield frame

    def _decoded(self) -> Iterator[VideoFrame]:
        """Decode packet by packet; damaged ones are left out, as players do."""
        bad, spent = 0, 0.0
        stream = _stream(self.container)
        packets = self.container.demux(stream)
        while True:
            began = time.process_time()
            with _translated(self.kind):
                packet = _next(packets)
                if packet is None:
                    return
                try:
                    pictures = stream.decode(packet)
                    bad = 0
                except av.error.InvalidDataError as error:
                    pictures, bad = [], bad + 1
                    if bad > BAD:
                        raise Refused("The video is damaged.") from error
            spent += time.process_time() - began
            if spent > self.budget:
                stream.codec_context.skip_frame = "NONKEY"
            yield from pictures

    def _small(self, picture: VideoFrame) -> Pixels:
        check((picture.width, picture.height), self.limits)
        self.quarters = round(picture.rotation / 90) % 4
        share = min(1.0, self.side / max(picture.width, picture.height))
        width, height = max(1, round(picture.width * share)), max(1, round(picture.height * share))
        small = picture.reformat(width, height, "rgb24", interpolation="AREA").to_ndarray()
        return np.ascontiguousarray(np.rot90(small, self.quarters), dtype=np.uint8)


def _next(packets: Iterator[Packet[Any]]) -> Packet[Any] | None:
    try:
        return next(packets, None)
    except (av.error.InvalidDataError, av.error.EOFError):
        return None  # the file breaks off; what came before it is given


@contextlib.contextmanager
def _translated(kind: str) -> Iterator[None]:
    """Turn what the library raises at a bad file into Refused."""
    try:
        yield
    except (Refused, MemoryError):
        raise
    except av.error.MemoryError as error:
        raise MemoryError from error
    except Exception as error:
        raise Refused(f"The file begins like {kind.upper()} but is damaged or not one.") from error
