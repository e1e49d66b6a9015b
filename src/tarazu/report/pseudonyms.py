"""A result without names: for sharing, every account and post gets a keyed pseudonym.

The same key gives the same pseudonyms, so that two reports can be compared; without the key nobody can walk from a
list of accounts to their pseudonyms (a hash without a key would allow that). Texts stay, for they are the evidence,
but @names in them are masked. Whoever can search the platform for a text still finds its author: share texts knowingly.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import polars as pl

from tarazu.errors import OptionError
from tarazu.findings import Network
from tarazu.report.result import Result

_KEY_BYTES = 32
_MENTION = r"[@＠][\p{L}\p{N}_.]+(?:@[\w.-]+)?"
# Traces whose objects are posts, and accounts.
_POSTS = ("co_repost", "fast_repost", "co_reply", "co_report")
_ACCOUNTS = ("co_mention",)


def key_of(path: Path) -> bytes:
    """Read the key file, or make one that only its owner may read."""
    try:
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise OptionError(
            f"The key file {path} cannot be used: {error.strerror}. Name a file you may write."
        ) from error
    if len(key) < 16:
        raise OptionError(
            f"The key file {path} holds {len(key)} bytes, too few to be a secret; name a new file."
        )
    return key


def pseudonymised(result: Result, key: bytes) -> Result:
    """Return the result with pseudonyms instead of account and post ids, and without handles and names."""

    def who(name: str) -> str:
        return f"account-{_digest(name, key)}"

    def post(name: str) -> str:
        return f"post-{_digest(name, key)}" if name else name

    def thing(trace: str, object_key: str) -> str:
        if trace in _ACCOUNTS:
            return who(object_key)
        return post(object_key) if trace in _POSTS else _masked(object_key)

    accounts, posts = _column(who), _column(post)
    evidence = result.evidence.with_columns(
        accounts("source"), accounts("target"), posts("source_post"), posts("target_post"),
        pl.when(pl.col("trace").is_in(_ACCOUNTS)).then(accounts("object"))
        .when(pl.col("trace").is_in(_POSTS)).then(posts("object"))
        .otherwise(_mask("object")).alias("object"),
    )  # fmt: skip
    shown = pl.concat([result.evidence["source_post"], result.evidence["target_post"]]).unique()
    kept = result.posts.filter(pl.col("post_id").is_in(shown.implode()))
    bare = pl.lit(None, pl.String)
    return replace(
        result,
        networks=tuple(_network(network, who, post, thing) for network in result.networks),
        accounts=result.accounts.with_columns(accounts("account_id")),
        edges=result.edges.with_columns(accounts("source"), accounts("target")),
        evidence=evidence,
        posts=kept.with_columns(
            posts("post_id"), accounts("account_id"), _mask("text"),
            bare.alias("repost_of"), bare.alias("repost_of_account"), bare.alias("reply_to"), bare.alias("quote_of"),
            pl.lit(None, pl.List(pl.String)).alias("mentions"),
        ),
    )  # fmt: skip


def _digest(name: str, key: bytes) -> str:
    return blake2b(name.encode(), key=key[:64], digest_size=8).hexdigest()


def _column(rename: Callable[[str], str]) -> Callable[[str], pl.Expr]:
    def expression(name: str) -> pl.Expr:
        return pl.col(name).map_elements(rename, return_dtype=pl.String).alias(name)

    return expression


def _mask(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all(_MENTION, "@…").alias(name)


def _masked(text: str) -> str:
    return str(pl.Series([text]).str.replace_all(_MENTION, "@…")[0])


def _network(
    network: Network,
    who: Callable[[str], str],
    post: Callable[[str], str],
    thing: Callable[[str, str], str],
) -> Network:
    return replace(
        network,
        members=tuple(
            replace(m, account_id=who(m.account_id), handle=None, name=None) for m in network.members
        ),
        objects=tuple(replace(o, key=thing(o.trace, o.key)) for o in network.objects),
        moments=tuple(
            replace(
                moment,
                key=thing(moment.trace, moment.key),
                acts=tuple(
                    replace(
                        a,
                        account_id=who(a.account_id),
                        post_id=post(a.post_id),
                        text=None if a.text is None else _masked(a.text),
                    )
                    for a in moment.acts
                ),
            )
            for moment in network.moments
        ),
        against=tuple(_masked(line) for line in network.against),
    )
