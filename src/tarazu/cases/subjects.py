"""Whom a decision is about: what the case offers, what was asked for, who is left out."""

from __future__ import annotations

from collections.abc import Collection

from tarazu.cases.case import CaseKind
from tarazu.cases.decision import EXCLUDED, Action, Affected, Choice, DecisionState, Subject
from tarazu.cases.file import CaseFile, accounts, posts
from tarazu.cases.objection import DecisionRefused

_ALL = frozenset(Action)
ALLOWED = {
    CaseKind.POST: _ALL,
    CaseKind.ACCOUNT: _ALL - {Action.REMOVE},
    # A network is first limited, then suspended; a label or a warning for all of it would say nothing to anybody.
    CaseKind.NETWORK: frozenset(
        {Action.LIMIT, Action.SUSPEND, Action.RESTORE, Action.NO_ACTION, Action.REFUSE}
    ),
}
_ON_ACCOUNTS = (Action.WARN, Action.SUSPEND)


def offered(file: CaseFile, action: Action) -> tuple[list[Affected], list[Affected]]:
    """The subjects an action is about by default, and those that may be named besides."""
    written = [
        Affected(
            subject=Subject(kind=str(item.kind), id=item.external_id, platform=item.platform),
            account_id=item.author_id,
            item_id=item.id,
            state=DecisionState.PROPOSED,
        )
        for item in posts(file)
    ]
    people = [
        Affected(
            subject=one,
            account_id=one.id,
            item_id=None if (item := file.item_of(one)) is None else item.id,
            state=DecisionState.PROPOSED,
        )
        for one in accounts(file)
    ]
    if file.kind != CaseKind.POST or action in _ON_ACCOUNTS:
        return _once(people), []
    return _once(written), _once(people) if action == Action.RESTORE else []


def chosen(
    file: CaseFile, choice: Choice, *, among: Collection[Subject] | None = None
) -> tuple[Affected, ...]:
    """The subjects of a choice, those left out by name marked so; raises DecisionRefused for what is not there.

    `among` narrows them to the subjects of an earlier stage.
    """
    if choice.action not in ALLOWED[file.kind]:
        raise DecisionRefused(
            f"`{choice.action}` is no action for a case about a {file.kind}. Choose one of: "
            f"{', '.join(sorted(ALLOWED[file.kind]))}."
        )
    usual, further = offered(file, choice.action)
    if among is not None:
        usual = [one for one in usual if one.subject in among]
    if choice.subjects is not None:
        known = {one.subject: one for one in (*usual, *further)}
        strange = [one for one in choice.subjects if one not in known]
        if strange:
            raise DecisionRefused(
                f"{strange[0].kind} {strange[0].id} is no part of this case for `{choice.action}`. "
                "Choose among its own posts and accounts."
            )
        usual = [known[one] for one in dict.fromkeys(choice.subjects)]
    if not usual:
        raise DecisionRefused(
            f"There is nothing in this case to {choice.action}: nobody knows who wrote it. Choose another action."
            if choice.action in _ON_ACCOUNTS
            else f"There is nothing in this case to {choice.action}. Choose another action."
        )
    strange_names = set(choice.exclude) - {one.account_id for one in usual}
    if strange_names:
        raise DecisionRefused(
            f"Account {min(strange_names)} is to be left out, but is no part of this decision. Look at the list."
        )
    out = set(choice.exclude)
    marked = tuple(
        Affected(subject=one.subject, account_id=one.account_id, item_id=one.item_id, state=EXCLUDED)
        if one.account_id in out
        else one
        for one in usual
    )
    if all(one.state == EXCLUDED for one in marked):
        raise DecisionRefused("Everybody is left out. Decide `no_action` instead.")
    return marked


def _once(found: list[Affected]) -> list[Affected]:
    """Two snapshots of one post are one subject."""
    return list({one.subject: one for one in reversed(found)}.values())[::-1]
