"""Addresses, hashtags, mentions and the "RT @name: " form, taken from texts of sources without columns for
them.
"""

from __future__ import annotations

import hashlib

import polars as pl

# No look-behind in this engine: the character before the mark is matched and cut off again.
_HASHTAG = r"(?:^|[^\p{L}\p{M}\p{N}_&/])[#＃][\p{N}_\x{200c}]*\p{L}[\p{L}\p{M}\p{N}_\x{200c}]*"
_MENTION = (
    r"(?:^|[^A-Za-z0-9_@/.])[@＠][A-Za-z0-9_]+(?:[.\-]+[A-Za-z0-9_]+)*"
    r"(?:@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)?"  # the server, in the fediverse
)
_ADDRESS = r"""https?://[^\s<>"]+"""
_REPOST = r"^\s*RT @([A-Za-z0-9_]+): "
_TAIL = ".,;:!?)]}»›'\"،؛؟”’"


def hashtags(text: pl.Expr) -> pl.Expr:
    """Hashtags without '#', in the order written; letters of every script, '_' and the zero-width
    non-joiner.
    """
    tag = pl.element().str.extract(r"[#＃]([^#＃]+)$").str.strip_chars("\u200c")
    return text.str.extract_all(_HASHTAG).list.eval(tag)


def mentions(text: pl.Expr) -> pl.Expr:
    """Handles without '@', in the order written; the author of an "RT @name: " is not mentioned by it."""
    name = pl.element().str.extract(r"[@＠]([^＠]+)$")
    return text.str.replace(_REPOST, "").str.extract_all(_MENTION).list.eval(name)


def urls(text: pl.Expr) -> pl.Expr:
    """Addresses without the punctuation that follows them; addresses cut by an ellipsis are left out."""
    whole = pl.element().filter(~pl.element().str.contains("…", literal=True)).str.strip_chars_end(_TAIL)
    return text.str.extract_all(_ADDRESS).list.eval(whole)


def repost_author(text: pl.Expr) -> pl.Expr:
    """The handle in a leading "RT @name: ", or null."""
    return text.str.extract(_REPOST, 1)


def repost_key(text: pl.Series) -> pl.Series:
    """A stable key of what an "RT @name: ..." repeats, or null where the text has no such form.

    The key is "rt:" and 24 hex digits of BLAKE2b over the lower-cased handle and the rest of the text,
    folded: lower case, white space collapsed, addresses dropped (shorteners give each copy its own) unless
    nothing else is left. Two posts get the same key only if they repeat the same words of the same author.
    """
    frame = pl.DataFrame({"text": text})
    rest = pl.col("text").str.replace(_REPOST, "")
    bare = rest.str.replace_all(_ADDRESS, "")
    folded = (
        pl.when(bare.str.strip_chars(" \t\r\n…") == "")
        .then(rest)
        .otherwise(bare)
        .str.to_lowercase()
        .str.replace_all(r"\s+", " ")
        .str.strip_chars(" …")
    )
    author = repost_author(pl.col("text"))
    source = frame.select(
        pl.when(author.is_not_null()).then(pl.concat_str(author.str.to_lowercase(), pl.lit("\n"), folded))
    ).to_series()
    distinct = source.drop_nulls().unique()
    keys = [
        "rt:" + hashlib.blake2b(value.encode("utf-8"), digest_size=12).hexdigest()
        for value in distinct.to_list()
    ]
    return source.replace_strict(
        distinct, pl.Series(keys, dtype=pl.String), default=None, return_dtype=pl.String
    )
