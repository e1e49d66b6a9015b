"""Average the weights of networks that went different ways from one start: better than each, at the cost of one.

    python blend.py run-a/network.pt run-b/network.pt --out blend.pt

Source of the idea: Wortsman et al. 2022, "Model soups".
"""

from __future__ import annotations

import argparse
from pathlib import Path

from network import load, save


def main() -> None:
    """Average and write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("networks", type=Path, nargs="+")
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    networks = [load(path) for path in given.networks]
    states = [network.state_dict() for network in networks]
    blended = {
        name: sum(state[name] for state in states) / len(states) if value.is_floating_point() else value
        for name, value in states[0].items()
    }
    networks[0].load_state_dict(blended)
    save(networks[0], given.out)
    print(f"{len(networks)} networks blended")


if __name__ == "__main__":
    main()
