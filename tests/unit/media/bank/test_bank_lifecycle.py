"""Whatever people do to a bank, it holds what they did: states, matches, log."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from bank_parts import Clock, folder, words
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tarazu.errors import InputError, OptionError
from tarazu.media.bank import Bank, Entry, State
from tarazu.media.bank.state import TRANSITIONS, What

HASHES = [f"{(0x9E3779B97F4A7C15 * (n + 1)) % (1 << 64):016x}" * 4 for n in range(6)]


class Lifecycle(RuleBasedStateMachine):
    """A bank beside a plain model of it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = folder()
        self.clock = Clock()
        self.path = Path(self.folder.name) / "some.bank"
        self.model: dict[str, State] = {}
        self.expires: dict[str, object] = {}
        self.log = [What.CREATED]

    def teardown(self) -> None:
        self.bank.close()
        self.reader.close()
        self.folder.cleanup()

    @initialize(negative=st.booleans())
    def make(self, negative: bool) -> None:
        self.negative = negative
        self.bank = Bank.create(self.path, owner="o", reason="r", negative=negative, clock=self.clock)
        self.reader = Bank.open(self.path, clock=self.clock)  # open all the while, and never told

    @rule(pdq=st.sampled_from(HASHES), trusted=st.booleans(), days=st.none() | st.integers(1, 3))
    def add(self, pdq: str, trusted: bool, days: int | None) -> None:
        expires = self.clock().date() + timedelta(days=days) if days else None
        entry = Entry.picture(pdq, id=pdq[:16], expires_at=expires)
        if entry.id in self.model:
            with pytest.raises(InputError, match="already"):
                self.bank.add(entry, by="a", trusted=trusted)
            return
        assert self.bank.add(entry, by="a", trusted=trusted) == entry.id
        self.model[entry.id] = State.ACTIVE if trusted or self.negative else State.QUARANTINED
        self.expires[entry.id] = expires
        self.log.append(What.ADDED)

    @precondition(lambda self: self.model)
    @rule(what=st.sampled_from([What.CONFIRMED, What.REMOVED, What.RESTORED]), pick=st.integers(0, 5))
    def change(self, what: What, pick: int) -> None:
        id = sorted(self.model)[pick % len(self.model)]
        act = {
            What.CONFIRMED: self.bank.confirm,
            What.REMOVED: self.bank.remove,
            What.RESTORED: self.bank.restore,
        }
        allowed, after = TRANSITIONS[what]
        if self.model[id] not in allowed:
            with pytest.raises(InputError, match=f"is {self.model[id]}"):
                act[what](id, by="p", reason="why")
            return
        act[what](id, by="p", reason="why")
        self.model[id] = after
        self.log.append(what)

    @precondition(lambda self: self.model)
    @rule(pick=st.integers(0, 5))
    def purge(self, pick: int) -> None:
        id = sorted(self.model)[pick % len(self.model)]
        self.bank.purge(id, by="p", reason="a court")
        del self.model[id], self.expires[id]
        self.log.append(What.PURGED)
        assert bytes.fromhex(id * 4) not in self.path.read_bytes()
        assert bytes.fromhex(id * 4) not in Path(f"{self.path}-wal").read_bytes()

    @rule(days=st.sampled_from([0.5, 1]))
    def wait(self, days: float) -> None:
        self.clock.pass_days(days)

    @rule()
    def reopen(self) -> None:
        self.bank.close()
        self.bank = Bank.open(self.path, clock=self.clock)

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "bank"):
            return
        assert {entry.id: entry.state for entry in self.bank.entries()} == self.model
        assert [change.what for change in self.bank.changes()] == self.log
        today = self.clock().date()
        for pdq in HASHES:
            found = self.reader.match(words(pdq))
            state, expires = self.model.get(pdq[:16]), self.expires.get(pdq[:16])
            if state in (None, State.REMOVED) or (expires is not None and today >= expires):  # type: ignore[operator]
                assert not found
            else:
                assert [(one.entry, one.decides, one.negative) for one in found] == [
                    (pdq[:16], state is State.ACTIVE, self.negative)
                ]


Lifecycle.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
test_lifecycle = Lifecycle.TestCase


def test_who_and_why_are_kept(bank: Bank) -> None:
    id = bank.add(Entry.picture(HASHES[0], reason="seen on a poster"), by="Ada")
    bank.remove(id, by="Ben", reason="the wrong emblem")
    added, removed = bank.changes(id)
    assert (added.what, added.by, added.reason) == ("added", "Ada", "seen on a poster")
    assert (removed.what, removed.by, removed.reason) == ("removed", "Ben", "the wrong emblem")
    assert bank.entry(id).added_by == "Ada"


def test_an_open_reader_follows_removal_and_return(bank: Bank) -> None:
    with Bank.open(bank.path) as reader:
        ids = [bank.add(Entry.picture(pdq), by="Ada") for pdq in HASHES]
        assert all(reader.match(words(pdq)) for pdq in HASHES)
        bank.remove(ids[0], by="Ben", reason="wrong")
        assert not reader.match(words(HASHES[0]))
        bank.restore(ids[0], by="Ben", reason="right")
        assert reader.match(words(HASHES[0]))
        bank.remove(ids[1], by="Ben", reason="wrong")
        bank.restore(ids[1], by="Ben", reason="right")  # both between two looks
        assert len(reader.match(words(HASHES[1]))) == 1


def test_many_are_added_and_each_refused_one_is_told_in_order(bank: Bank) -> None:
    bank.add(Entry.picture(HASHES[1]), by="Ada")
    given = [Entry(), *map(Entry.picture, HASHES[:3]), Entry.picture(HASHES[2]), Entry.picture("zz")]
    added = bank.add_many(given, by="Ada")
    assert len(added.ids) == 2
    assert [position for position, _ in added.refused] == [0, 2, 4, 5]
    assert len(list(bank.entries(State.QUARANTINED))) == 3


def test_the_log_cannot_be_changed(bank: Bank) -> None:
    import sqlite3

    bank.add(Entry.picture(HASHES[0]), by="Ada")
    with sqlite3.connect(bank.path) as other:
        for attack in ("DELETE FROM change", "UPDATE change SET by = 'nobody'"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                other.execute(attack)
    other.close()


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Entry.picture("00" * 32), "one colour"),
        (Entry.picture("ab" * 31), "no PDQ hash"),
        (Entry.picture("ab" * 32, quality=49), "quality 49"),
        (Entry(), "Nothing to know it by"),
        (Entry(md5="x"), "no md5"),
        (Entry.picture("ab" * 32, label="two\nlines"), "label must be one line"),
        (Entry.picture("ab" * 32, id=" x"), "blank"),
    ],
)
def test_what_cannot_be_an_entry_is_refused_with_the_reason(bank: Bank, entry: Entry, why: str) -> None:
    with pytest.raises(InputError, match=why):
        bank.add(entry, by="Ada")
    assert not list(bank.entries())


def test_nobody_changes_a_bank_unnamed_or_without_a_reason(bank: Bank) -> None:
    with pytest.raises(OptionError, match="who"):
        bank.add(Entry.picture(HASHES[0]), by=" ")
    id = bank.add(Entry.picture(HASHES[0]), by="Ada")
    with pytest.raises(OptionError, match="why"):
        bank.remove(id, by="Ada", reason="")


def test_feedback_is_counted(bank: Bank) -> None:
    id = bank.add(Entry.picture(HASHES[0]), by="Ada")
    for correct in (True, False, True):
        bank.feedback(id, correct=correct, by="Ben", reference="post-1")
    record = bank.record(id)
    assert (record.true, record.false) == (2, 1)
    with pytest.raises(InputError, match="no entry"):
        bank.feedback("nobody", correct=True, by="Ben")
