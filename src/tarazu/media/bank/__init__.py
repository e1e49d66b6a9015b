"""Banks: named lists of known pictures, each in one file, with who put every entry there and why."""

from tarazu.media.bank.about import About
from tarazu.media.bank.bank import Bank
from tarazu.media.bank.entry import Entry
from tarazu.media.bank.seen import Seen
from tarazu.media.bank.state import State

__all__ = ["About", "Bank", "Entry", "Seen", "State"]
