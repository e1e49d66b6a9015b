"""Facts about who a text names. Whether that is allowed is decided elsewhere."""

from tarazu.policy.mentions.linker import Linker

__all__ = ["Linker"]
