"""The way from the report of networks to the page of verdicts that was written beside it."""

from __future__ import annotations

from pathlib import Path

from tarazu.report import markup

_PLACE = '</div>\n<ul class="health"'  # after the sentence about accounts and posts


def link(report: Path, page: str) -> None:
    """Add a link to `page`, a file of the same folder, below the head of a finished report.

    The report is written before anything is judged, and must not point to a page that may never come.
    """
    html = report.read_text(encoding="utf-8")
    line = f'<p class="beside"><a href="{markup.escape(page)}">Posts judged in the same run</a></p>'
    draft = report.with_name(f".{report.name}.part")
    try:
        draft.write_text(html.replace(_PLACE, f"{line}{_PLACE}", 1), encoding="utf-8", newline="\n")
        draft.replace(report)
    finally:
        draft.unlink(missing_ok=True)
