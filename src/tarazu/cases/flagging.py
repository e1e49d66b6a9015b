"""Mass false reporting: found at intake, lowers nobody but the reporters.

Two ways show it. Together: accounts that report the same targets at the same times more often than strangers would,
by the test of `tarazu.coordination` on the trace co_report, at most `fdr` of the accounts named being false. Flood:
one clean post that more people report than honest reports explain, see `tarazu.cases.flood`. What follows: a case
about the reporters, for people to judge, and their reports on a post count as one. Nothing else changes for anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from tarazu.cases import discount, flag_cases, flag_groups
from tarazu.cases.flood import MEMORY, Flood, FloodSettings, examine
from tarazu.cases.reporting import HOUR
from tarazu.findings import Network
from tarazu.store import SYSTEM, Store
from tarazu.store.tables.automation import flag_groups as table
from tarazu.store.tables.cases import cases, reports
from tarazu.store.tables.decisions import decisions
from tarazu.store.times import ms

WINDOWS = (60, 600, 1800, 7200)  # seconds within which a joint report counts
SAME = 0.5  # of a group's reporters among those of another: it is that one, grown


@dataclass(frozen=True, kw_only=True)
class FlaggingSettings:
    """How sure it has to be."""

    fdr: float = 0.01  # share of false accounts among those named for reporting together
    flood: FloodSettings = field(default_factory=FloodSettings)
    most: int = 300_000  # reports that are tested, the latest


@dataclass(frozen=True, kw_only=True)
class Flagged:
    """A group of reporters."""

    group_id: str
    kind: str  # together | flood
    case_id: str  # about the reporters
    reporters: int
    p_value: float


class Flagging:
    """Looks at reports. `after` follows every report and is cheap; `run` is for a worker, every few minutes."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] | None = None,
        settings: FlaggingSettings | None = None,
    ) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock, self.settings = store, clock or store.clock, settings or FlaggingSettings()

    def after(self, case_id: str, reporters_last_hour: int) -> Flagged | None:
        """Look at a case after a report came in (both are in its receipt); gives a flood that was found now."""
        if reporters_last_hour < 2:
            return None
        now = self.clock()
        with self.store.read() as view:
            last = view.one(
                select(reports)
                .where(reports.c.case_id == case_id)
                .order_by(reports.c.received_at.desc(), reports.c.id.desc())
                .limit(1)
            )
            if last is None:
                return None
            known = view.one(flag_groups.flood_of(last.item_id).where(table.c.until > ms(now - HOUR)))
            by_group = discount.members(view, {last.reporter} - {None})
            found = None
            if known is None and _step(reporters_last_hour, self.settings.flood.crowd):
                found = examine(view, last.item_id, now, self.settings.flood)
        if found is not None:
            return self._flooded(found, now)
        if known is not None or by_group:
            with self.store.write(SYSTEM) as tx:
                if known is not None:
                    tx.run(update(table).where(table.c.id == known.id).values(until=last.received_at))
                    flag_groups.join(tx, known.id, [last.reporter] if last.reporter else [])
                    tx.log("flagging.grown", f"flagging:{known.id}", {"report": last.id})
                discount.recount(tx, case_id, now)
        return None

    def run(self) -> list[Flagged]:
        """Test who reports together, bring the cases about reporters up to date, let go who was cleared."""
        self._clear()
        made = [one for network in self._together() if (one := self._group(network)) is not None]
        self._fill()
        return made

    def groups(self) -> list[Flagged]:
        """The groups that count now."""
        with self.store.read() as view:
            rows = view.rows(select(table).where(table.c.lifted_at.is_(None)))
            return [
                Flagged(
                    group_id=row.id,
                    kind=row.kind,
                    case_id=row.case_id,
                    reporters=len(flag_cases.members_of(view, row.id)),
                    p_value=row.p_value,
                )
                for row in rows
            ]

    def _flooded(self, flood: Flood, now: datetime) -> Flagged | None:
        with self.store.write(SYSTEM) as tx:
            fresh = flag_groups.flood_of(flood.item_id).where(table.c.until > ms(now - HOUR))
            if tx.one(fresh) is not None:
                return None  # another worker was quicker
            asked = (
                select(reports.c.reporter)
                .distinct()
                .where(
                    reports.c.item_id == flood.item_id,
                    reports.c.received_at >= ms(flood.begins),
                    reports.c.reporter.is_not(None),
                    reports.c.kind == "user",
                )
            )
            who = sorted(str(row[0]) for row in tx.rows(asked))
            case_id = flag_cases.of_flood(tx, flood, who, now)
            group = flag_groups.keep(
                tx, "flood", case_id, flood.p_value, flood.begins, item_id=flood.item_id, until=now
            )
            flag_groups.join(tx, group, who)
            tx.log("flagging.found", f"flagging:{group}", {"case": case_id, "kind": "flood"})
            discount.recount(tx, flood.case_id, now)
        return Flagged(
            group_id=group, kind="flood", case_id=case_id, reporters=len(who), p_value=flood.p_value
        )

    def _together(self) -> Sequence[Network]:
        import polars as pl

        from tarazu.coordination.run import networks
        from tarazu.records import POSTS, TIME

        since = ms(self.clock() - MEMORY)
        asked = (
            select(reports.c.id, reports.c.reporter, reports.c.item_id, reports.c.received_at)
            .where(reports.c.kind == "user", reports.c.reporter.is_not(None), reports.c.received_at > since)
            .order_by(reports.c.received_at.desc())
            .limit(self.settings.most)
        )
        with self.store.read() as view:
            rows = view.rows(asked)
        if len({row.reporter for row in rows}) < 3:
            return ()
        frame = pl.DataFrame(
            {
                "report_id": [row.id for row in rows],
                "reporter_id": [row.reporter for row in rows],
                "subject": [row.item_id for row in rows],
                "created_at": pl.Series([row.received_at for row in rows], dtype=pl.Int64).cast(TIME),
            }
        )
        nobody = pl.DataFrame(schema=POSTS)
        fdr = self.settings.fdr
        return networks(nobody, reports=frame, fdr=fdr, windows=WINDOWS, traces=["co_report"]).networks

    def _group(self, network: Network) -> Flagged | None:
        """Keep a group, or let the one that it is grow."""
        who, now = sorted(member.account_id for member in network.members), self.clock()
        with self.store.write(SYSTEM) as tx:
            before = discount.members(tx, set(who))
            common: dict[str, int] = {}
            for group in before.values():
                common[group] = common.get(group, 0) + 1
            best = max(common, key=lambda one: (common[one], one), default=None)
            grown = best is not None and common[best] >= SAME * min(
                len(who), len(flag_cases.members_of(tx, best))
            )
            if grown and best is not None:
                fresh = [one for one in who if one not in before]
                if fresh:
                    flag_groups.join(tx, best, fresh)
                    tx.log("flagging.grown", f"flagging:{best}", {"reporters": len(fresh)})
                group, case_id = best, None
            else:
                case_id = flag_cases.of_network(tx, network, now)
                group = flag_groups.keep(tx, "together", case_id, network.p_value, network.first)
                flag_groups.join(tx, group, who)
                tx.log("flagging.found", f"flagging:{group}", {"case": case_id, "kind": "together"})
            for reported in flag_cases.reported_by(tx, who):
                discount.recount(tx, reported, now)
        if case_id is None:
            return None
        return Flagged(
            group_id=group, kind="together", case_id=case_id, reporters=len(who), p_value=network.p_value
        )

    def _fill(self) -> None:
        """Bring the reporters of a flood into its case, those who came since it was found."""
        for one in self.groups():
            if one.kind == "flood":
                with self.store.write(SYSTEM) as tx:
                    flag_cases.fill(tx, one.case_id, flag_cases.members_of(tx, one.group_id), self.clock())

    def _clear(self) -> None:
        """People judged that nothing was wrong: their reports count again."""
        cleared = (
            select(table.c.id, decisions.c.actor_id)
            .join(decisions, decisions.c.case_id == table.c.case_id)
            .join(cases, cases.c.id == table.c.case_id)
            .where(table.c.lifted_at.is_(None), decisions.c.action == "no_action")
            .where(decisions.c.state == "effective", decisions.c.actor_kind != "rule")
        )
        with self.store.read() as view:
            rows = view.rows(cleared)
        for row in rows:
            with self.store.write(SYSTEM) as tx:
                now = self.clock()
                values = {"lifted_at": ms(now), "lifted_by": row.actor_id}
                tx.run(update(table).where(table.c.id == row.id).values(**values))
                tx.log("flagging.lifted", f"flagging:{row.id}")
                for reported in flag_cases.reported_by(tx, flag_cases.members_of(tx, row.id)):
                    discount.recount(tx, reported, now)


def _step(count: int, crowd: int) -> bool:
    """At `crowd`, and whenever a tenth more have come: the test reads a month of reports."""
    return count >= crowd and (count - crowd) % max(1, count // 10) == 0
