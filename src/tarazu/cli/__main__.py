"""`python -m tarazu.cli`."""

from tarazu.cli import main

main()
