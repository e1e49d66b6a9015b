"""Which languages a browser asks for."""

from __future__ import annotations


def accepted(header: str) -> tuple[str, ...]:
    """`fa-IR,fa;q=0.9,en;q=0.5` -> `("fa", "en")`, best first; what is not understood is left out."""
    found: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:500].split(",")):
        tag, _, rest = part.strip().partition(";")
        name = tag.split("-")[0].strip().lower()
        try:
            weight = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        if name.isalpha() and weight > 0:
            found.append((-weight, place, name))
    return tuple(dict.fromkeys(name for _, _, name in sorted(found)))
