"""The judge from files to verdicts, with the model, the policies and the lists that come with Tarazu."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import polars as pl
import pytest
from typer.testing import CliRunner

import tarazu
from tarazu.cli.app import app
from tarazu.evaluation.policy import names
from tarazu.evaluation.policy.cases import PARTS, of_part
from tarazu.evaluation.policy.figures import figures
from tarazu.evaluation.policy.judged import about_listed, about_others, judge_for, judged
from tarazu.evaluation.sample import judged_path
from tarazu.policy.examples import example_policy, invented_entities
from tarazu.policy.stance.model import OnnxStance
from tarazu.verdicts import Outcome


@pytest.fixture(scope="module")
def model():
    return OnnxStance()


def frame(texts, when=datetime(2026, 11, 1, tzinfo=UTC)):
    return pl.DataFrame(
        {"post_id": [str(n) for n in range(len(texts))], "account_id": "a", "created_at": when, "text": texts}
    )


def outcomes(texts, model, entities=None, **more):
    judgement = tarazu.judge(
        frame(texts, **more), entities=entities or names.invented(), policy=example_policy(), model=model
    )
    return [str(verdict.outcome) for verdict in judgement.verdicts]


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def test_a_line_a_post_with_offsets_into_the_original(tmp_path):
    out = tmp_path / "verdicts.jsonl"
    page = tmp_path / "verdicts.html"
    result = command("judge", judged_path(), "--entities", invented_entities(), "--out", out, "--page", page)
    assert result.exit_code == 0, result.output
    posts = {row["post_id"]: row for row in map(json.loads, judged_path().read_text("utf-8").splitlines())}
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [line["post_id"] for line in lines] == list(posts)
    for line in lines:
        text = posts[line["post_id"]]["text"]
        for span in (*line["mentions"], *line["words"]):
            assert text[span["start"] : span["end"]] == span["text"]
        assert line["reason"].endswith(".") and set(line["versions"]) >= {"policy", "entities", "stance"}
        assert (line["verdict"] == "allowed") or (line["clauses"] and line["rule"])
    assert "<mark" in page.read_text("utf-8")


def test_names_change_nothing_but_the_list_does(model):
    about = [
        "Long live {}, our heroes, glory to you!",
        "درود بر {}، شما افتخار ما هستید",
        "تحية لأبطال {}، أنتم فخر الأمة",
    ]
    for lang, text in zip(names.LANGS, about, strict=True):
        listed = [text.format(names.name_of(key, lang)) for key, _, _ in names.LISTED]
        others = [text.format(names.name_of(key, lang)) for key, _ in names.OTHERS]
        assert set(outcomes(listed, model)) == {"violates"}
        assert set(outcomes(others, model)) == {"allowed"}


def test_a_script_the_network_does_not_know_goes_to_a_person(model):
    said = (
        "Слава героям Redmarch Front, мы помним и гордимся ими",
        "Redmarch Front 英雄たちに栄光あれ、我々は誇りに思う",
    )
    assert outcomes(list(said), model) == ["review", "review"]


def test_a_post_is_judged_as_of_its_day(model):
    from tarazu.policy.designations import EntityList, read_entities

    old = read_entities(invented_entities())
    assert isinstance(old, EntityList)
    dated = next(e for e in old.entities if any(one.start for one in e.designations))
    start = min(one.start for one in dated.designations if one.start)
    text = [f"Glory to the heroes of {dated.name}! Join {dated.name} today."]
    before = datetime(start.year - 1, 1, 1, tzinfo=UTC)
    assert outcomes(text, model, old, when=before) == ["allowed"]
    assert outcomes(text, model, old, when=datetime(start.year, start.month, start.day, 12, tzinfo=UTC)) != [
        "allowed"
    ]


@pytest.mark.parametrize("name", ["dangerous-organisations", "strict", "loose"])
def test_the_example_policies_pass_their_own_examples(name):
    result = command("policy", "test", example_policy(name))
    assert result.exit_code == 0, result.output


def test_a_backtest_counts_every_post_once():
    result = command(
        "policy", "backtest", example_policy("strict"), example_policy("loose"), judged_path(),
        "--entities", invented_entities(), "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["posts"] == sum(found["before"].values()) == sum(found["after"].values())
    assert found["posts"] == sum(move["posts"] for move in found["moves"])
    assert found["before"]["violates"] > found["after"].get("violates", 0)


def test_every_step_of_one_post_is_shown():
    first = json.loads(judged_path().read_text("utf-8").splitlines()[0])["post_id"]
    result = command("judge", judged_path(), "--entities", invented_entities(), "--explain", first)
    assert result.exit_code == 0
    for step in ("1. Folded", "2. Screening", "3. Mentions", "4. Clauses", "5. Stance", "Verdict:"):
        assert step in result.output


def test_a_killed_run_goes_on_where_it_ended(tmp_path):
    texts = [
        case.filled("Redmarch Front", "Larkfield Choir") for case in of_part(PARTS[1]) if case.lang == "en"
    ]
    names_nobody = [f"{n} {text.replace('Redmarch Front', 'nobody')}" for n, text in enumerate(texts * 150)]
    rows = frame([text for group in zip(texts * 150, names_nobody, strict=True) for text in group][:60_000])
    posts = tmp_path / "posts.parquet"
    rows.with_columns(pl.col("post_id") + "p").write_parquet(posts)
    entities = tmp_path / "entities.yaml"
    entities.write_text(
        "- {id: front, kind: terrorist_organisation, name: Redmarch Front, "
        "designations: [{authority: UN, jurisdictions: ['*']}]}\n"
    )
    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    run = ["judge", str(posts), "--entities", str(entities), "--no-highlight", "--out"]
    assert command(*run, whole).exit_code == 0
    start = [sys.executable, "-m", "tarazu.cli", *run, str(cut)]
    process = subprocess.Popen(
        start, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ}
    )
    draft = tmp_path / "cut.jsonl.part"
    for _ in range(600):
        if draft.exists() and draft.stat().st_size > 8_000_000:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not cut.exists() and draft.stat().st_size > 8_000_000
    draft.write_bytes(draft.read_bytes() + b'{"post_id": "torn')
    again = command(*run, cut, "--resume")
    assert again.exit_code == 0, again.output
    assert cut.read_bytes() == whole.read_bytes() and not draft.exists()


# Somewhat worse than the published figures: whoever replaces the model finds out here.
LEVEL = {  # macro-F1 at least; wrongly removed, missed, left to a person at most
    "held-out families": (0.85, 0.04, 0.23, 0.17),
    "written apart": (0.89, 0.04, 0.15, 0.15),
}


@pytest.mark.parametrize("part", PARTS)
def test_the_model_holds_its_level(part, model):
    judge = judge_for(names.invented(), model)
    cases = of_part(part)[::2]
    found = figures(judged(judge, about_listed(cases)))
    f1, wrong, missed, review = LEVEL[part]
    assert found.macro_f1 >= f1 and found.wrong_rate <= wrong, found
    assert found.missed_rate <= missed and found.review_rate <= review, found
    assert all(one.outcome == Outcome.ALLOWED for one in judged(judge, about_others(cases)))
