"""Turning anyone's text into HTML, XML or JSON that cannot do more than be read.

Everything that came from outside passes through here. Control characters become visible or vanish, lone
surrogates become U+FFFD, and direction is isolated, so that one name cannot reorder the line around it.
"""

from __future__ import annotations

import html
import json
import re

# C0 and C1 controls except tab and line feed; they have no place in a page.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# What XML 1.0 forbids: controls, surrogates and the two non-characters of the basic plane.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """`text` without controls (each becomes U+FFFD); line ends become '\\n'."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("\ufffd", text))


def escape(text: str) -> str:
    """`text` for an HTML text node or a double-quoted attribute."""
    return html.escape(clean(text), quote=True)


def xml(text: str) -> str:
    """`text` for an XML text node or attribute: what XML 1.0 forbids is dropped, the rest is escaped."""
    text = html.escape(_NOT_XML.sub("", text), quote=True)
    # Attribute values are normalised by XML readers unless line ends are written as references.
    return text.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")


def shorten(text: str, limit: int) -> str:
    """At most `limit` code points of `text`, and how long it was."""
    if len(text) <= limit:
        return text
    return f"{text[:limit].rstrip()} … ({len(text):,} characters in all)"


def clip(name: str, limit: int) -> str:
    """At most `limit` code points of a name."""
    return name if len(name) <= limit else f"{name[: limit - 1].rstrip()}…"


def key(identifier: str) -> str:
    """An id as the page carries it, in its data and in its attributes alike."""
    return shorten(clean(identifier), 200)


def bdi(text: str, kind: str = "") -> str:
    """A name or an id in an isolate of its own."""
    attribute = f' class="{kind}"' if kind else ""
    return f"<bdi{attribute}>{escape(text)}</bdi>"


def data(value: object) -> str:
    """`value` as JSON for a <script type="application/json">: without < > & and line separators."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = _SURROGATES.sub("\ufffd", text)
    for character in "<>&\u2028\u2029\x7f":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
