"""The command line: one small file a verb, in the order of the flow."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code: 0 done, 1 our fault, 2 the input or an option, 3 the
    output, 130 interrupted.
    """
    from tarazu.cli.door import run

    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))
