"""One judged post: its words first, then what was read in them, by which clause, and where that holds."""

# ruff: noqa: E501  (markup reads better unbroken)
from __future__ import annotations

from tarazu.policy.designations.entity import EVERYWHERE
from tarazu.policy.reasons import DOES
from tarazu.report import markup, words
from tarazu.report.verdict_filter import Choices
from tarazu.report.verdict_picture import pictures
from tarazu.report.verdict_text import quoted, spans
from tarazu.report.verdict_view import Line, View, about
from tarazu.report.verdict_words import direction, kind, label, language, place, purpose, sentence
from tarazu.verdicts import Outcome, Stance


def card(view: View, line: Line, number: int, choices: Choices) -> str:
    """The card as an <article>, deep link `#p1`."""
    post = view.post(line)
    named = about(line)
    numbers = {entity_id: n for n, entity_id in enumerate(named, 1)}
    if post.text:
        said = quoted(
            post.text, post.lang, spans(line, numbers, lambda e: f"{view.name(e)}, {_kind(view, e)}")
        )
    else:
        said = '<p class="absent">no text in the input</p>'
    many = " many" if len(numbers) > 1 else ""
    when = f"<time>{words.minute(post.time)}</time>" if post.time else ""
    outcome = Outcome(line["verdict"])
    reason = sentence(line["reason"], [view.name(entity_id) for entity_id in named])
    return f"""<article class="judged{many} {outcome} {choices.marks(line)}" id="p{number}">
<header>{label(outcome)}<span>{markup.escape(markup.clip(language(post.lang), 40))}</span>{when}<a class="self" href="#p{number}">{markup.bdi(markup.key(line["post_id"]))}</a></header>
<div class="words">{said}{pictures(view, line, numbers)}<p class="because">{reason}</p>{_versions(line)}</div>
<dl class="facts">{_toward(view, line, numbers)}{_purpose(line)}{_clauses(view, line, post.lang)}{_where(line)}</dl></article>"""


def _kind(view: View, entity_id: str) -> str:
    entity = view.entity(entity_id)
    return kind(entity.kind) if entity else "not in the list given"


def _fact(head: str, body: str) -> str:
    return f"<div><dt>{head}</dt><dd>{body}</dd></div>"


def _toward(view: View, line: Line, numbers: dict[str, int]) -> str:
    """Everyone named or shown: the stance toward those a clause covers, with its number; for the others that none was read."""
    stances = {s["entity_id"]: s for s in line["stances"]}
    rows = []
    for entity_id, n in numbers.items():
        mark = f'<span class="n-of">{n}</span> ' if len(numbers) > 1 else ""
        name = f'{mark}{markup.bdi(markup.clip(view.name(entity_id), 80))}, <span class="quiet">{markup.escape(_kind(view, entity_id))}</span>'
        found = stances.get(entity_id)
        if found is None:
            why = (
                "no words say how the author stands" if line["clauses"] else "no clause covers it on that day"
            )
            rows.append(f'<li>{name}<br><span class="quiet">{why}</span></li>')
            continue
        stance = Stance(found["stance"])
        does = DOES[stance] if stance != Stance.NEUTRAL else "takes no side"
        sure = float(found["confidence"])
        rows.append(
            f"<li>{name}<br><strong>{does}</strong>, {100 * sure:.0f}\u00a0%"
            f'<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="of" width="100" height="6"/><rect width="{100 * sure:.1f}" height="6"/></svg></li>'
        )
    return _fact("Toward", f"<ul>{''.join(rows)}</ul>") if rows else ""


def _purpose(line: Line) -> str:
    return _fact("Reads as", markup.escape(purpose(line["purpose"]))) if line["purpose"] else ""


def _clauses(view: View, line: Line, lang: str | None) -> str:
    links = []
    for clause_id in line["clauses"]:
        index = view.clause_index(clause_id)
        if index is None:
            links.append(markup.bdi(clause_id))
            continue
        clause = view.policy.clauses[index - 1]
        written = next((tag for tag, text in clause.text.items() if text == clause.words(lang)), "en")
        links.append(
            f'<div class="rule-of"><a href="#clause-{index}">{markup.bdi(clause_id)}</a>'
            f'<details><summary>its words</summary><p class="rule" lang="{markup.escape(written)}" dir="{direction(written)}">{markup.escape(clause.words(lang))}</p></details></div>'
        )
    head = "Judged by" if line["verdict"] == Outcome.ALLOWED else "Clause"
    return _fact(head, "".join(links)) if links else ""


def _where(line: Line) -> str:
    where = line.get("where") or {}
    if not where:
        return ""
    if len(set(where.values())) == 1:
        places = [place(code) for code in where]
        return _fact("Where", ", ".join(markup.bdi(each) for each in places))
    rows = "".join(
        f"<li>{label(Outcome(outcome), place(code) if code != EVERYWHERE else 'elsewhere')}</li>"
        for code, outcome in where.items()
    )
    return _fact("Where", f"<ul>{rows}</ul>")


def _versions(line: Line) -> str:
    rows = "".join(
        f"<div><dt>{markup.escape(str(name))}</dt><dd>{markup.bdi(str(value))}</dd></div>"
        for name, value in line["versions"].items()
    )
    return f'<details class="versions"><summary>versions</summary><dl>{rows}</dl></details>'
