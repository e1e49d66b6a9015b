"""The networks as graph files: GEXF 1.3 for Gephi, GraphML for everything else; networkx reads both.

One node a member, one edge a significant pair of accounts with all its traces. Names and ids may hold anything: what XML
forbids is dropped from labels, and nodes are numbered (`n0`, `n1`, ...), the account's id being an attribute.
"""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from tarazu.findings import Member
from tarazu.report import palette
from tarazu.report.markup import xml
from tarazu.report.scene import Scene, scene
from tarazu.report.view import Findings

NODE = (
    ("account_id", "string"), ("handle", "string"), ("network", "string"), ("role", "string"), ("score", "double"),
    ("degree", "long"), ("posts", "long"), ("core", "boolean"),
)  # fmt: skip
EDGE = (("traces", "string"), ("p_value", "double"), ("q_value", "double"), ("expected", "double"))
GRAPHML_NODE = (
    ("label", "string"),
    *NODE,
    ("x", "double"),
    ("y", "double"),
    ("r", "long"),
    ("g", "long"),
    ("b", "long"),
)
GRAPHML_EDGE = (("weight", "double"), *EDGE)


def write_gexf(result: Findings, path: Path, drawn: Scene | None = None) -> None:
    """Write a GEXF 1.3 file with positions, sizes and colours, so that Gephi opens the report's own picture."""
    drawn = drawn or scene(result)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
            "<meta><creator>Tarazu</creator><description>Coordinated networks of accounts</description></meta>\n"
            '<graph defaultedgetype="undirected" mode="static">\n'
        )
        for kind, columns in (("node", NODE), ("edge", EDGE)):
            file.write(f'<attributes class="{kind}" mode="static">\n')
            file.writelines(
                f'<attribute id="{kind[0]}{at}" title="{name}" type="{"long" if form == "long" else form}"/>\n'
                for at, (name, form) in enumerate(columns)
            )
            file.write("</attributes>\n")
        file.write("<nodes>\n")
        for code, member in enumerate(drawn.members):
            values = "".join(
                f'<attvalue for="n{at}" value="{value}"/>'
                for at, value in enumerate(_node(drawn, code, member))
                if value is not None
            )
            red, green, blue = _rgb(palette.colour(int(drawn.home[code])))
            # GEXF and Gephi count y upwards.
            file.write(
                f'<node id="n{code}" label="{_label(member)}"><attvalues>{values}</attvalues>'
                f'<viz:position x="{drawn.layout.x[code]:.1f}" y="{-drawn.layout.y[code]:.1f}" z="0.0"/>'
                f'<viz:size value="{2 * drawn.radius[code]:.1f}"/><viz:color r="{red}" g="{green}" b="{blue}"/></node>\n'
            )
        file.write("</nodes>\n<edges>\n")
        for at, (source, target, weight, edge) in enumerate(_edges(drawn)):
            cells = "".join(f'<attvalue for="e{k}" value="{value}"/>' for k, value in enumerate(edge))
            file.write(
                f'<edge id="{at}" source="n{source}" target="n{target}" weight="{weight}"><attvalues>{cells}</attvalues></edge>\n'
            )
        file.write("</edges>\n</graph>\n</gexf>\n")


def write_graphml(result: Findings, path: Path, drawn: Scene | None = None) -> None:
    """Write a GraphML file with the same nodes, edges and attributes; x, y, r, g, b as Gephi reads them."""
    drawn = drawn or scene(result)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        )
        for kind, columns in (("node", GRAPHML_NODE), ("edge", GRAPHML_EDGE)):
            file.writelines(
                f'<key id="{kind[0]}_{name}" for="{kind}" attr.name="{name}" attr.type="{form}"/>\n'
                for name, form in columns
            )
        file.write('<graph edgedefault="undirected">\n')
        for code, member in enumerate(drawn.members):
            place = (f"{drawn.layout.x[code]:.1f}", f"{-drawn.layout.y[code]:.1f}")
            values = (
                _label(member),
                *_node(drawn, code, member),
                *place,
                *_rgb(palette.colour(int(drawn.home[code]))),
            )
            cells = "".join(
                f'<data key="n_{name}">{value}</data>'
                for (name, _), value in zip(GRAPHML_NODE, values, strict=True)
                if value is not None
            )
            file.write(f'<node id="n{code}">{cells}</node>\n')
        for source, target, weight, edge in _edges(drawn):
            cells = "".join(
                f'<data key="e_{name}">{value}</data>'
                for (name, _), value in zip(GRAPHML_EDGE, (weight, *edge), strict=True)
            )
            file.write(f'<edge source="n{source}" target="n{target}">{cells}</edge>\n')
        file.write("</graph>\n</graphml>\n")


def _label(member: Member) -> str:
    return xml(member.name or member.handle or member.account_id)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _node(drawn: Scene, code: int, member: Member) -> tuple[str | None, ...]:
    return (
        xml(member.account_id),
        None if member.handle is None else xml(member.handle),
        xml(drawn.networks[int(drawn.home[code])].id),
        xml(member.role.value),
        repr(float(member.score)),
        str(int(drawn.degree[code])),
        str(member.posts),
        "true" if member.core else "false",
    )


def _edges(drawn: Scene) -> Iterator[tuple[int, int, str, tuple[str, ...]]]:
    """source, target, weight (joint actions over all traces), and the columns of `EDGE`."""
    tests = drawn.tests.group_by("pair").agg(
        pl.col("trace").unique().sort(), pl.col("q_value").min(), pl.col("expected").sum()
    )
    rows = drawn.pairs.filter("edge").join(tests, on="pair", how="left").sort("source", "target")
    for row in rows.select("source", "target", "weight", "trace", "p", "q_value", "expected").iter_rows():
        source, target, weight, traces, p, q, expected = row
        yield (
            source,
            target,
            repr(float(weight)),
            (xml(" ".join(traces)), *(repr(float(v)) for v in (p, q, expected))),
        )
