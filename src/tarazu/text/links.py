"""Canonical links: the same page written in two ways gets one key."""

from __future__ import annotations

import re
from urllib.parse import unquote

import polars as pl

# Parameters that tell who shared the link or from where, never which page it is. Prefixes end with '_'.
TRACKING_PREFIXES = (
    "utm_",
    "pk_",
    "mtm_",
    "hsa_",
    "ga_",
    "__cft__",
    "__tn__",
    "at_custom",
    "at_campaign",
    "at_medium",
)
# fmt: off
TRACKING = frozenset({
    "_ga", "_gl", "_hsenc", "_hsmi", "__twitter_impression", "ab_channel", "amp", "amp_js_v",
    "campaign_id", "cmpid", "cn", "dclid", "dgid", "echobox", "eref", "esrc", "fb_action_ids",
    "fb_action_types", "fb_ref", "fb_source", "fbclid", "feature", "ftag", "gbraid", "gclid", "gclsrc",
    "guccounter", "guce_referrer", "guce_referrer_sig", "icid", "igsh", "igshid", "ito", "li_fat_id",
    "mbid", "mc_cid", "mc_eid", "mibextid", "mkt_tok", "msclkid", "ncid", "ns_campaign", "ns_linkname",
    "ns_mchannel", "ns_source", "oly_anon_id", "oly_enc_id", "outputtype", "ref", "ref_src", "ref_url",
    "referrer", "rss", "s_cid", "s_kwcid", "scid", "share", "share_id", "shared", "si", "smid", "smtyp",
    "spm", "sr_share", "srnd", "taid", "tsrc", "ttclid", "twclid", "vero_id", "wbraid", "wickedid",
    "wt.mc_id", "xtor", "yclid",
})
# fmt: on
# 's' and 't' are the share markers of x.com; elsewhere they may name the page (a search, a forum topic).
TRACKING_AT = {"x.com": frozenset({"s", "t"})}
SUBDOMAINS = frozenset(
    {"www", "m", "mobile", "amp", "touch", "wap", "de-de", "en-gb", "l", "lm", "web", "old"}
)
SAME_HOST = {"twitter.com": "x.com", "fb.com": "facebook.com", "youtube-nocookie.com": "youtube.com"}
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
HOST = re.compile(r"^[^\s/?#@]+\.[^\s/?#@.]{2,}$")
WWW_NUMBER = re.compile(r"^www\d?$")
# An escaped "/", "?", "#", "%", "&", "+", "=" or space means something else than the character it stands for.
RESERVED = re.compile(r"%(2[0356BbFf]|3[DdFf])")
ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")


def canonical(url: str) -> str:
    """Return the key of a link: host without www/mobile/AMP, path, sorted parameters that choose the page.

    The scheme, default ports, user names, fragments (except '#!' routes), tracking parameters and trailing
    slashes go; percent-encoding is made uniform. A string that is no web link (an id, a mailto:) is returned
    as it is, stripped. Shortened links stay keys of their own, because opening them would need the network.
    """
    url = url.strip()
    scheme = SCHEME.match(url)
    if scheme:
        if not scheme.group().lower().startswith(("http://", "https://")):
            return url
        rest = url[scheme.end() :]
    elif url.startswith("//"):
        rest = url[2:]
    else:
        rest = url
    rest, _, fragment = rest.partition("#")
    head, question, query = rest.partition("?")
    host, slash, path = head.partition("/")
    if "@" in host and not scheme:
        return url
    host = host.rpartition("@")[2].lower().rstrip(".")
    name, colon, port = host.partition(":")
    if colon and (port in ("80", "443") or not port.isdigit()):
        host = name
    if not HOST.match(name) or (not scheme and not slash and not question and "." not in name):
        return url
    host = _plain_host(host)
    if "%" in path or not path.isascii():
        path = _uniform(path)
    if "//" in path:
        path = re.sub("/{2,}", "/", path)
    if path.startswith("amp/") and len(path) > 4:
        path = path[4:]
    for tail in ("/amp", "/amp.html", "/index.html", "/index.php", "/index.htm"):
        if path.endswith(tail):
            path = path[: -len(tail)]
    path = path.rstrip("/")
    if host == "youtu.be" and path:
        host, path, query = (
            "youtube.com",
            "watch",
            f"v={path.partition('/')[0]}" + (f"&{query}" if query else ""),
        )
    elif host == "youtube.com" and path.startswith(("shorts/", "embed/", "live/")):
        path, query = "watch", f"v={path.split('/')[1]}"
    if host == "youtube.com" and path == "watch":
        query = next((pair for pair in query.split("&") if pair.startswith("v=")), query)
    elif host == "x.com" and "/status" in path:
        parts = path.replace("/statuses/", "/status/").split("/status/")
        path = f"i/status/{parts[-1].partition('/')[0]}" if len(parts) == 2 else path
    key = f"{host}/{path}" if path else host
    if query:
        kept = _parameters(query, host)
        if kept:
            key = f"{key}?{kept}"
    if fragment.startswith("!"):
        key = f"{key}#{fragment}"
    return key


def _plain_host(host: str) -> str:
    label, _, rest = host.partition(".")
    while "." in rest and (label in SUBDOMAINS or WWW_NUMBER.match(label)):
        host = rest
        label, _, rest = host.partition(".")
    return SAME_HOST.get(host, host)


def _uniform(part: str) -> str:
    """Decode percent-encoding where that is unambiguous, so that '%D9%85' and 'م' are the same path."""
    plain = unquote(RESERVED.sub(r"%25\1", part), errors="replace")
    if "\ufffd" in plain:  # not UTF-8: keep the bytes, only make the escapes upper case
        return ESCAPE.sub(lambda found: found.group().upper(), part)
    return plain


def _parameters(query: str, host: str) -> str:
    local = TRACKING_AT.get(host, frozenset())
    kept = []
    for pair in query.replace("&amp;", "&").split("&"):
        name = pair.partition("=")[0].lower()
        if not name or name in TRACKING or name in local or name.startswith(TRACKING_PREFIXES):
            continue
        kept.append(_uniform(pair) if "%" in pair else pair)
    kept.sort()
    return "&".join(kept)


def canonical_series(urls: pl.Series) -> pl.Series:
    """Map `canonical` over a String series, each distinct link once; nulls stay null."""
    distinct = urls.drop_nulls().unique()
    keys = pl.Series([canonical(url) for url in distinct], dtype=pl.String)
    return urls.replace_strict(distinct, keys, default=None, return_dtype=pl.String)
