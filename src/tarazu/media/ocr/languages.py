"""Which languages can be read on this machine, and what to install for the others."""

from __future__ import annotations

from tarazu.media.ocr.engine import LANGUAGES, PACKAGES, installed

NAMES = {"en": "English", "fa": "Persian", "ar": "Arabic"}


def available() -> tuple[str, ...]:
    """Return the languages that `read` knows here, of en, fa, ar; none without tesseract."""
    return installed().languages


def missing() -> str | None:
    """Return one sentence about what is not installed and how to install it, or None when nothing is missing."""
    here = installed()
    if here.command is None:
        return (
            "Words in pictures are not read: tesseract is not installed "
            f"(Debian: apt-get install {' '.join(PACKAGES.values())})."
        )
    absent = [lang for lang in LANGUAGES if lang not in here.languages]
    if not absent:
        return None
    which = " and ".join(NAMES[lang] for lang in absent)
    return (
        f"Words in pictures are not read in {which}: tesseract has no model for it "
        f"(Debian: apt-get install {' '.join(PACKAGES[lang] for lang in absent)})."
    )


def version() -> str:
    """Return the version of what reads, for the record of a verdict; empty without tesseract."""
    found = installed().version
    return f"ocr.v1+tesseract-{found}" if found else ""
