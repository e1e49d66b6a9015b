"""Codes of six digits that change every 30 seconds (RFC 6238, SHA-1, as every app has it)."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

STEP = 30
DIGITS = 6
DRIFT = 1  # steps that a clock may be wrong, either way


def new_secret() -> bytes:
    """160 random bits."""
    return secrets.token_bytes(20)


def code(secret: bytes, step: int) -> str:
    """The code of one step of time."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching(secret: bytes, given: str, at: datetime, after: int) -> int | None:
    """The step whose code was given, if it is of now and later than `after`, the last one used; else None."""
    now = int(at.timestamp()) // STEP
    typed = "".join(str(int(sign)) for sign in given if sign.isdecimal())  # also ۱۲۳ and spaces
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        # Every step is compared, in constant time, so that the time taken says nothing.
        if hmac.compare_digest(code(secret, step), typed) and step > after:
            found = step
    return found


def written(secret: bytes) -> str:
    """The secret for typing, in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address(secret: bytes, login: str, issuer: str = "Tarazu") -> str:
    """What an app reads from the picture."""
    label = quote(f"{issuer}:{login}")
    key = written(secret).replace(" ", "")
    return f"otpauth://totp/{label}?secret={key}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP}"


def picture(text: str) -> str:
    """A QR code as the address of an SVG picture that holds itself."""
    import segno

    made: str = segno.make(text, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    return made
