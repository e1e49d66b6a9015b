"""Graph files open in networkx whatever names are in them, and say what the result says."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import invented
import networkx as nx
import payloads
import polars as pl
import pytest

from tarazu.report.graph import write_gexf, write_graphml
from tarazu.report.scene import scene

WRITERS = [(write_gexf, nx.read_gexf, "gexf"), (write_graphml, nx.read_graphml, "graphml")]
HOSTILE = [*payloads.payloads(), "\x00\x0b\ufffe\uffff", "]]>&<\"'", "tab\tline\nreturn\r"]


@pytest.mark.parametrize(("write", "read", "suffix"), WRITERS)
def test_the_graph_says_what_the_result_says(write, read, suffix: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = invented.result()
    drawn = scene(result)
    write(result, tmp_path / f"g.{suffix}")
    graph = read(tmp_path / f"g.{suffix}")
    assert graph.number_of_nodes() == len(drawn.members)
    assert graph.number_of_edges() == drawn.pairs.height
    by_id = {values["account_id"]: values for _, values in graph.nodes(data=True)}
    for member in drawn.members:
        values = by_id[member.account_id]
        assert (values["role"], values["score"]) == (member.role.value, member.score)
    assert {v["network"] for v in by_id.values()} == {n.id for n in result.networks}
    assert sum(v["weight"] for _, _, v in graph.edges(data=True)) == result.edges["weight"].sum()


@pytest.mark.parametrize(("write", "read", "suffix"), WRITERS)
def test_hostile_names_stay_names(write, read, suffix: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = invented.result(invented.World(hostile=HOSTILE, sizes=(200, 90, 30)))
    write(result, tmp_path / f"g.{suffix}")
    assert read(tmp_path / f"g.{suffix}").number_of_nodes() == 320


def test_30_000_edges_take_less_than_five_seconds(tmp_path: Path) -> None:
    result = invented.result(invented.World(sizes=(1200, 700, 400, 250, 150, 120, 80, 60, 40), pairs_each=10))
    drawn = scene(result)
    _ = drawn.layout
    for write, _, suffix in WRITERS:
        begin = time.process_time()
        write(result, tmp_path / f"g.{suffix}", drawn)
        assert time.process_time() - begin < 5


def test_a_tie_is_drawn_but_is_no_edge_of_the_graph(tmp_path: Path) -> None:
    result = invented.result(invented.World(sizes=(8, 5)))
    lost = result.edges.select("source", "target").row(0)
    gone = (pl.col("source") == lost[0]) & (pl.col("target") == lost[1])
    result = dataclasses.replace(result, edges=result.edges.filter(~gone))
    pairs = scene(result).pairs
    assert pairs.filter(~pl.col("edge"))["p"].to_list() == [1.0]
    write_graphml(result, tmp_path / "g.graphml")
    assert nx.read_graphml(tmp_path / "g.graphml").number_of_edges() == pairs["edge"].sum()
