"""Where data come from: files of many layouts -> the tables of `tarazu.records`."""

from tarazu.sources.reading import Reading, read, read_actions
from tarazu.sources.sourcefile import FileCount

__all__ = ["FileCount", "Reading", "read", "read_actions"]
