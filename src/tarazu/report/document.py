"""What every page of ours is: one HTML file with its own style and script, and a policy that forbids all others."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from tarazu.report import markup

MARK = (
    '<svg class="mark" viewBox="0 0 64 40" width="64" height="40" role="img" aria-label="Tarazu: a balance, level">'
    '<path d="M32 3v31M22 37h20M10 8h44"/><path d="M10 8L3 23M10 8l7 15M54 8l-7 15M54 8l7 15" class="thin"/>'
    '<path d="M2 23h16a8 6.5 0 0 1-16 0zM46 23h16a8 6.5 0 0 1-16 0z" class="pan"/></svg>'
)
_EARLY = "document.documentElement.className='js'"


@cache
def asset(name: str) -> str:
    """A file of `static/`, as text."""
    return files("tarazu.report").joinpath("static", name).read_text(encoding="utf-8")


def hashed(text: str) -> str:
    """The source expression that lets exactly this style or script run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def document(title: str, body: str, style: str, script: str) -> str:
    """A whole HTML document around `body`.

    `title` is plain text; the others are ours and go in as they are. `data` elements belong into `body`.
    """
    policy = (
        f"default-src 'none'; script-src '{hashed(_EARLY)}' '{hashed(script)}'; style-src '{hashed(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return f"""<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>{markup.escape(title)}</title>
<style>{style}</style>
<script>{_EARLY}</script>
</head>
<body>
{body}
{f"<script>{script}</script>" if script else ""}
</body>
</html>
"""
