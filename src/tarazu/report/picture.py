"""A picture on a page: blurred until somebody asks to see it, blurred on paper, never described by a guess.

The blur is the page's style and the asking is the browser's own <details>, so neither needs a script: a click, Enter
or Space looks, the same again hides. The script (static/pictures.js) counts, and keeps how a person wants pictures.
"""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Mapping

from tarazu.report import markup

LARGEST = 200_000  # bytes of one thumbnail; ours of 320 pixels are a tenth of that
BUDGET = 12_000_000  # bytes of all thumbnails of a page; beyond it nobody mails the page
_JPEG = b"\xff\xd8\xff"
_EYE = (
    '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">'
    '<path d="M1 8c2.2-3.7 4.5-5 7-5s4.8 1.3 7 5c-2.2 3.7-4.5 5-7 5S3.2 11.7 1 8zM6 8a2 2 0 1 0 4 0a2 2 0 1 0-4 0"/></svg>'
)
SETTING = (
    '<p class="looking" id="looking" hidden><label>Pictures <select id="pictures-how" autocomplete="off">'
    '<option value="ask">blurred until I look</option><option value="grey">the same, and then grey</option>'
    '<option value="show">shown</option></select></label> <output id="pictures-seen"></output></p>'
)


def usable(thumbnail: bytes) -> bool:
    """Whether bytes are a thumbnail that may go into a page: a JPEG of a reasonable size."""
    return thumbnail.startswith(_JPEG) and len(thumbnail) <= LARGEST


def within(thumbnails: Mapping[str, bytes], wanted: Iterable[str]) -> dict[str, bytes]:
    """Return the usable ones among the wanted, in that order, as many as a page may carry.

    A name that is wanted twice is on the page twice.
    """
    found: dict[str, bytes] = {}
    left = BUDGET
    for name, times in Counter(wanted).items():
        thumbnail = thumbnails.get(name)
        if thumbnail is None or not usable(thumbnail) or len(thumbnail) * times > left:
            continue
        found[name] = thumbnail
        left -= len(thumbnail) * times
    return found


def figure(thumbnail: bytes, caption: str, *, alt: str, name: str) -> str:
    """The picture as a <figure>; `caption` is markup of ours, `alt` and `name` are plain text.

    `alt` says what the picture was found to match, and nothing of what it might show. `name` tells the pictures of a
    page apart. Bytes that are no thumbnail of ours are left out, and the caption stands alone.
    """
    if not usable(thumbnail):
        return f'<figure class="pictured">{_captioned(caption)}</figure>'
    source = f"data:image/jpeg;base64,{base64.b64encode(thumbnail).decode('ascii')}"
    return (
        f'<figure class="pictured"><details class="picture" data-picture="{markup.escape(markup.key(name))}"><summary>'
        f'<span class="veil"><img src="{source}" alt="{markup.escape(markup.clip(alt, 300))}"></span>'
        f'<span class="ask">{_EYE}Look</span><span class="told">{_EYE}Hide</span></summary></details>{_captioned(caption)}</figure>'
    )


def _captioned(caption: str) -> str:
    return f"<figcaption>{caption}</figcaption>" if caption else ""
