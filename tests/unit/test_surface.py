"""The surface is pinned: what the docs promise is there, and what is there is in the docs."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import tarazu
from tarazu import errors, records
from tarazu.cli.app import app
from tarazu.coordination.evidence import SCHEMA as EVIDENCE
from tarazu.coordination.run import EDGES, WINDOWS
from tarazu.coordination.traces import OWN_TESTS, TRACES
from tarazu.report.view import ACCOUNTS
from tarazu.report.write import FILES
from tarazu.sources import layouts

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{path} {name}")


COMMANDS = dict(commands(get_command(app), "tarazu"))


def options(command: Any) -> set[str]:
    """Long options of a command, help left out: every command has it."""
    found = {word for one in command.params for word in one.opts if word.startswith("--")}
    return found - {"--help"}


def section(path: str) -> str:
    """The part of cli.md about a command: from its heading to the next."""
    text = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    found = re.search(rf"^## `{path}(?:`| [^a-z][^`]*`)\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, f"docs/reference/cli.md has no section '## `{path} ...`'"
    return found.group(1)


def documented(path: str) -> set[str]:
    rows = re.findall(r"^\| (`-.*?) \|", section(path), re.M)
    return {word for row in rows for word in re.findall(r"--[a-z-]+", row)} - {"--help"}


def first_cells(page: str) -> set[str]:
    """Every name in backticks in the first column of a page's tables."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \|", text, re.M)
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def test_the_public_names() -> None:
    assert set(tarazu.__all__) == {"TarazuError", "judge", "networks", "read"}
    assert all(hasattr(tarazu, name) for name in tarazu.__all__)


def test_the_public_parameters() -> None:
    assert list(inspect.signature(tarazu.read).parameters) == [
        "paths", "accounts", "reports", "map", "layout", "assume_utc", "progress",
    ]  # fmt: skip
    taken = inspect.signature(tarazu.networks).parameters
    assert list(taken) == ["posts", "accounts", "reports", "fdr", "windows", "traces", "progress"]
    assert taken["fdr"].default == 0.01
    assert taken["windows"].default == WINDOWS == (10, 60, 300, 1800)
    taken = inspect.signature(tarazu.judge).parameters
    assert list(taken) == ["posts", "entities", "policy", "model", "highlight", "progress"]


def test_the_commands() -> None:
    leaves = {path for path, command in COMMANDS.items() if not getattr(command, "commands", None)}
    assert leaves == {
        "tarazu networks", "tarazu pairs", "tarazu demo", "tarazu evaluate networks",
        "tarazu entities import", "tarazu entities check", "tarazu entities diff",
        "tarazu judge", "tarazu policy test", "tarazu policy backtest", "tarazu evaluate policy",
        "tarazu scan", "tarazu reports import", "tarazu serve", "tarazu jobs run",
        "tarazu people reset", "tarazu backup", "tarazu restore", "tarazu verify",
        *(f"tarazu ledger {verb}" for verb in ("verify", "checkpoint", "key", "prove", "check")),
        "tarazu media hash", "tarazu media match", "tarazu evaluate media",
        *(f"tarazu media bank {verb}" for verb in (
            "create", "add", "list", "show", "remove", "restore", "confirm", "feedback", "import", "export",
        )),
    }  # fmt: skip


@pytest.mark.parametrize("path", [p for p in COMMANDS if options(COMMANDS[p])])
def test_every_option_is_documented_and_every_documented_option_is_there(path: str) -> None:
    assert options(COMMANDS[path]) == documented(path)


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_says_what_it_does(path: str) -> None:
    assert COMMANDS[path].help
    for one in COMMANDS[path].params:
        assert getattr(one, "help", None), f"{path}: {one.opts} has no help"


@pytest.mark.parametrize(
    ("path", "name", "shown"),
    [
        ("tarazu networks", "--window", "10,60,300,1800"),
        ("tarazu networks", "--fdr", "0.01"),
        ("tarazu pairs", "--semantics", "objects"),
        ("tarazu demo", "--out", "tarazu-demo"),
    ],
)
def test_documented_defaults_are_the_defaults(path: str, name: str, shown: str) -> None:
    (option,) = [one for one in COMMANDS[path].params if name in one.opts]
    assert str(getattr(option.default, "value", option.default)) == shown
    row = re.search(rf"^\| `{name}[^|]*\| ([^|]*) \|", section(path), re.M)
    assert row and row.group(1).strip() == shown


def tree() -> list[type[errors.TarazuError]]:
    every = [value for value in vars(errors).values() if inspect.isclass(value)]
    return [value for value in every if issubclass(value, errors.TarazuError)]


def test_every_error_is_documented_with_its_parent_and_exit_code() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| `(\w+)` \| (\d+) \|", (REFERENCE / "errors.md").read_text(encoding="utf-8"), re.M
    )
    assert {name: (base, int(code)) for name, base, code in rows} == {
        error.__name__: (error.__bases__[0].__name__, error.exit_code) for error in tree()
    }


def test_the_error_tree_is_drawn_at_the_top_of_its_file() -> None:
    drawn = errors.__doc__ or ""
    assert all(error.__name__ in drawn for error in tree())


def test_every_trace_is_documented_with_its_version() -> None:
    every = {(trace.name, trace.version) for trace in (*TRACES, *OWN_TESTS)}
    text = (REFERENCE / "traces.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)`, `([\w.]+)` \|", text, re.M)) == every


def test_every_output_file_and_column_is_documented() -> None:
    text = (REFERENCE / "outputs.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"`([\w.]+)`", "\n".join(re.findall(r"^## .*$", text, re.M))))
    assert headings == set(FILES)
    assert set(ACCOUNTS) | set(EDGES) | set(EVIDENCE) <= first_cells("outputs.md")


def test_every_column_and_layout_is_documented() -> None:
    text = (REFERENCE / "records.md").read_text(encoding="utf-8")
    names = set(re.findall(r"`(\w+)`", text))
    assert {name for schema in records.SCHEMAS.values() for name in schema} <= names
    assert {layout.name for layout in layouts.known()} <= first_cells("records.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("#"):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve()
        assert file.exists(), f"{page.name} links to {target}"
        if anchor and file.suffix == ".md":
            heads = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.M)
            ids = {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}
            assert anchor in ids, f"{page.name} links to {target}"


def test_the_readme_has_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"<!-- (\w+) -->\n```sh\n(.*?)\n```", text, re.S))
    assert blocks["demo"].endswith(".venv/bin/tarazu demo && .venv/bin/tarazu serve --demo")
    assert blocks["test"].endswith(".venv/bin/python -m pytest")


def test_the_pins_have_hashes_and_no_addresses() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    entries = re.findall(r"^(\S+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.M)
    assert len(entries) == len(re.findall(r"^\S+==", text, re.M)) > 20
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash)", text, re.M)


def test_importing_loads_nothing_heavy() -> None:
    code = "import sys, tarazu; print([m for m in ('polars', 'numba', 'numpy', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
