"""Words in pictures, read by tesseract in Persian, Arabic and English."""

from __future__ import annotations

from tarazu.media.ocr.languages import available, missing, version
from tarazu.media.ocr.reading import read

__all__ = ["available", "missing", "read", "version"]
