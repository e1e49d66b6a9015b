"""Where data come from: files of many layouts -> the tables of `tarazu.records`."""

from tarazu.sources.reading import FileCount, Reading, read, read_actions

__all__ = ["FileCount", "Reading", "read", "read_actions"]
