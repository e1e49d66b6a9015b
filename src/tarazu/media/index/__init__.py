"""Exact search among millions of perceptual hashes. Compiled code loads with the first search."""

from tarazu.media.index.hamming import HammingIndex
from tarazu.media.index.hits import Hits

__all__ = ["KERNELS", "HammingIndex", "Hits"]

# For `cli.summary.announce_kernels`.
KERNELS = ("media/index/build.py", "media/index/probe.py", "media/index/scan.py")
