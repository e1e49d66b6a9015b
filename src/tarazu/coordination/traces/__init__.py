"""The traces: each turns posts into events (account, object, time). Listed here and nowhere else."""

from __future__ import annotations

from tarazu.coordination.traces.base import OwnTest, Trace
from tarazu.coordination.traces.birth import Birth
from tarazu.coordination.traces.co_hashtag import CoHashtag
from tarazu.coordination.traces.co_media import CoMedia
from tarazu.coordination.traces.co_mention import CoMention
from tarazu.coordination.traces.co_reply import CoReply
from tarazu.coordination.traces.co_report import CoReport
from tarazu.coordination.traces.co_repost import CoRepost
from tarazu.coordination.traces.co_text import CoText
from tarazu.coordination.traces.co_url import CoUrl
from tarazu.coordination.traces.fast_repost import FastRepost
from tarazu.coordination.traces.synchrony import Synchrony

TRACES: tuple[Trace, ...] = (
    CoRepost(),
    FastRepost(),
    CoUrl(),
    CoHashtag(),
    CoMention(),
    CoReply(),
    CoText(),
    CoMedia(),
    CoReport(),
)

OWN_TESTS: tuple[OwnTest, ...] = (Synchrony(), Birth())
