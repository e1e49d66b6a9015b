"""The pages about casework say what the code does: settings, roles, the ledger, reports, what stops a start."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from tarazu.cases.decision import Action
from tarazu.cases.decision_settings import DecisionSettings
from tarazu.cases.report import ORDER_CLOCK, ReportKind
from tarazu.cases.report_file import COLUMNS, REQUIRED
from tarazu.cases.rule import AutomationSettings
from tarazu.server.decide_form import KEYS
from tarazu.server.roles import FIRST, GRANTS, PERMISSIONS, Role
from tarazu.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS, CODE = ROOT / "docs", ROOT / "src" / "tarazu"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table."""
    lines = re.findall(r"^\| (.*) \|$", text, re.M)
    return [[cell.strip() for cell in re.split(r" \| ", line)] for line in lines]


def set_up(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, str, str]]:
    """Name, variable and default of every setting, groups gone into."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from set_up(kind, f"{before}{name}.")
        else:
            dotted = before + name
            value: Any = field.get_default(call_default_factory=True)
            value = value.get_secret_value() if isinstance(value, SecretStr) else value
            shown = "not set" if value is None else json.dumps(value, default=str, ensure_ascii=False)
            yield dotted, "TARAZU_" + dotted.upper().replace(".", "__"), shown


def test_every_setting_has_its_line_with_variable_and_default() -> None:
    expected = {name: (variable, default) for name, variable, default in set_up(Settings)}
    written = {
        row[0].strip("`"): (row[1].strip("`"), row[2].strip("`"))
        for row in rows(page("reference/settings.md"))
        if len(row) == 4 and row[1].startswith("`TARAZU_")
    }
    missing = [
        f"| `{name}` | `{variable}` | `{default}` | ... |"
        for name, (variable, default) in expected.items()
        if name not in written
    ]
    assert not missing, "docs/reference/settings.md lacks:\n" + "\n".join(missing)
    assert written == expected


def test_the_settings_file_on_the_page_can_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", page("reference/settings.md"), re.S)
    file = tmp_path / "tarazu.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("TARAZU_HOSTS", '["desk.example.org"]')
    found, given = Settings.load(file), tomllib.loads(text)
    assert found.public_url == given["public_url"] and found.hosts == ("desk.example.org",)
    assert found.oidc.issuer == given["oidc"]["issuer"]


def test_what_cannot_be_set_is_what_the_code_does() -> None:
    text, fixed = page("reference/settings.md"), DecisionSettings()
    assert f"more than {fixed.mass} posts or accounts" in text
    for severity, weight in fixed.strike_weights.items():
        assert f"{severity} {weight}" in text
    assert f"each counts for {fixed.strike_life.days} days" in text
    points = [(least, str(action)) for least, action in fixed.thresholds]
    assert points == [(6, "limit"), (10, "suspend")] and "from 6 points, from 10 points" in text
    answered = f"open for {fixed.appeal_window.days} days, answered within {fixed.appeal_answer.days}"
    assert answered in text
    assert fixed.irreversible == {"mastodon": {Action.REMOVE}}
    assert ORDER_CLOCK.total_seconds() == 3600


def test_every_role_and_permission_is_in_the_table() -> None:
    table = [row for row in rows(page("reference/roles.md")) if len(row) == 2 + len(Role)]
    head, body = table[0], [row for row in table[1:] if row[0].startswith("`")]
    assert [name.strip("`") for name in head[2:]] == [str(role) for role in Role]
    assert {row[0].strip("`"): row[1] for row in body} == PERMISSIONS
    for row in body:
        name = row[0].strip("`")
        assert [cell == "yes" for cell in row[2:]] == [name in GRANTS[role] for role in Role], name
    first = re.search(r"first person is (.*?)\.", page("reference/roles.md"))
    assert first and re.findall(r"`(\w+)`", first[1]) == [str(role) for role in FIRST]


def logged() -> Iterator[tuple[str, frozenset[str]]]:
    """Kind and names of facts of every `tx.log(...)` in the code, read from the code itself."""
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(CODE.rglob("*.py"))}
    constants = {
        node.targets[0].id: node.value.value
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for tree in trees.values():
        for scope in ast.walk(tree):
            if not isinstance(scope, ast.FunctionDef):
                continue
            for call in ast.walk(scope):
                if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                    continue
                on = call.func.value
                named = (
                    on.id if isinstance(on, ast.Name) else on.attr if isinstance(on, ast.Attribute) else ""
                )
                if call.func.attr != "log" or named != "tx":
                    continue
                given = dict(zip(("kind", "subject", "facts"), call.args, strict=False))
                given |= {one.arg: one.value for one in call.keywords if one.arg}
                facts = given.get("facts")
                for kind in kinds(given["kind"], constants):
                    yield kind, frozenset() if facts is None else names(facts, scope)


def kinds(said: ast.expr, constants: dict[str, Any]) -> list[str]:
    """What a kind is written as: a word, a constant, or the kind of a policy or list and a word."""
    if isinstance(said, ast.Constant):
        return [str(said.value)]
    if isinstance(said, ast.JoinedStr):
        (end,) = [str(part.value) for part in said.values if isinstance(part, ast.Constant)]
        return [f"{what}{end}" for what in ("policy", "entities")]
    return [str(constants[ast.unparse(said)])]


def names(facts: ast.expr, scope: ast.FunctionDef) -> frozenset[str]:
    """The keys of a dictionary, also where it was put together before."""
    if isinstance(facts, ast.Dict):
        return frozenset(str(key.value) for key in facts.keys if isinstance(key, ast.Constant))
    wanted = ast.unparse(facts)
    found: set[str] = set()
    for node in ast.walk(scope):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id == wanted and isinstance(value, ast.Dict):
            found |= names(value, scope)
        if isinstance(target, ast.Subscript) and ast.unparse(target.value) == wanted:
            found.add(str(ast.literal_eval(target.slice)))
    return frozenset(found)


def test_every_kind_of_ledger_entry_is_on_its_page_with_its_facts() -> None:
    written = {
        row[0].strip("`"): set(re.findall(r"`(\w+)`", row[2]))
        for row in rows(page("reference/ledger.md"))
        if len(row) == 4 and re.fullmatch(r"`\w+\.\w+`", row[0])
    }
    said: dict[str, set[str]] = {}
    for kind, facts in logged():
        said.setdefault(kind, set()).update(facts)
    assert len(said) > 30
    lines = [f"{kind}: {sorted(said[kind])}" for kind in sorted(said) if written.get(kind) != said[kind]]
    assert not lines, "docs/reference/ledger.md has to say:\n" + "\n".join(lines)
    assert set(written) == set(said)


def test_the_columns_and_kinds_of_reports() -> None:
    cells = rows(page("reference/reports.md"))
    first = [row[0].strip("`") for row in cells if row[0].startswith("`")]
    assert [one for one in first if one in set(ReportKind)] == [str(kind) for kind in ReportKind]
    assert [one for one in first if one in COLUMNS] == list(COLUMNS)
    needed = [row[0].strip("`") for row in cells if row[0].strip("`") in COLUMNS and row[1] == "yes"]
    assert needed == list(REQUIRED)


def test_every_key_is_on_the_page_about_keys() -> None:
    table = rows(page("how-to/decide-with-the-keyboard.md"))
    written = {row[0].strip("`"): row[1].strip("`") for row in table if len(row) == 3 and row[0] != "key"}
    # No form offers to restore: what holds is taken back by undoing.
    assert written == {key: str(action) for action, key in KEYS.items() if action != Action.RESTORE}
    named = {key for row in table for key in re.findall(r"`(.)`", row[0])}
    templates = "".join(file.read_text(encoding="utf-8") for file in CODE.glob("server/templates/*.html"))
    assert set(re.findall(r'data-key="(.)"', templates)) - named == set()


def test_how_careful_a_rule_has_to_be() -> None:
    text, careful = page("concepts/automation.md"), AutomationSettings()
    assert f"{careful.shadow_days:g} days or {careful.shadow_cases} cases" in text
    assert f"more than {careful.stop_share:.0%} of all decisions" in text.replace(" %", "%")
    assert f"{careful.stop_least} decisions of its own" in text
