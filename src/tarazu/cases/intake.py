"""What comes in: findings, reports, networks. Each finds its case, or opens one; nothing comes in twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice

from tarazu.cases import networks, report_intake, report_status, shelf
from tarazu.cases.filing import Became, Filing
from tarazu.cases.finding import Found, Opened
from tarazu.cases.item import Item
from tarazu.cases.pictures import Pictures
from tarazu.cases.report import Report, ReportReceipt, ReportStatus
from tarazu.findings import Network
from tarazu.store import SYSTEM, Actor, Store

CHUNK = 500  # findings of one transaction: others get their turn in between


class Intake:
    """The door of the cases. May be used by many threads."""

    def __init__(self, store: Store, clock: Callable[[], datetime] | None = None) -> None:
        """Take the time from `clock`; default the store's."""
        self.store, self.clock = store, clock or store.clock
        self.pictures = Pictures()

    def findings(self, found: Iterable[Found], actor: Actor = SYSTEM) -> Opened:
        """Take in what was found, a few hundred in one transaction. What was found before changes nothing."""
        rest, whole = iter(found), Opened()
        while chunk := list(islice(rest, CHUNK)):
            whole += self._chunk(chunk, actor)
        return whole

    def _chunk(self, chunk: Sequence[Found], actor: Actor) -> Opened:
        with self.store.write(actor) as tx:
            filing = Filing(tx, self.pictures, self.clock())
            made = filing.load(chunk)
            filed = [filing.file(one, key) for one, key in zip(chunk, made, strict=True)]
            filing.flush()
            changed = [one for one in filing.drafts.values() if one.changed and not one.new and not one.added]
            for draft in changed:  # a further finding about the same item
                tx.log("case.joined", f"case:{draft.id}", {"items": [], "sources": draft.sources})
        became = [one.became for one in filed]
        return Opened(
            found=len(chunk),
            opened=became.count(Became.OPENED),
            joined=became.count(Became.JOINED),
            known=became.count(Became.KNOWN),
            case_ids=tuple(one.case_id for one in filed if one.became == Became.OPENED),
        )

    def network(
        self,
        network: Network,
        members: Sequence[Item],
        evidence: Mapping[str, object],
        *,
        platform: str = "",
        versions: Mapping[str, str] | None = None,
        reach: float = 0.0,
        actor: Actor = SYSTEM,
    ) -> str:
        """Open one case for a whole network, all its accounts as members; gives the case.

        A network that shares half of its accounts with that of an open case is the same one, grown or seen again.
        """
        return self.network_filed(
            network, members, evidence, platform=platform, versions=versions, reach=reach, actor=actor
        )[0]

    def network_filed(
        self,
        network: Network,
        members: Sequence[Item],
        evidence: Mapping[str, object],
        *,
        platform: str = "",
        versions: Mapping[str, str] | None = None,
        reach: float = 0.0,
        actor: Actor = SYSTEM,
    ) -> tuple[str, Became]:
        """The same, and whether the case was opened, joined or known."""
        found = networks.found(network, evidence, platform=platform, versions=versions or {}, reach=reach)
        accounts = [networks.member(found, one) for one in members]
        with self.store.write(actor) as tx:
            filing = Filing(tx, self.pictures, self.clock())
            made = filing.load([found, *accounts])
            into = networks.same(tx, [one.item for one in accounts])
            shelf.drafts(filing, [into] if into else [])
            main = filing.file(found, made[0], into=into)
            if main.became != Became.KNOWN:
                for one, key in zip(accounts, made[1:], strict=True):
                    filing.file(one, key, into=main.case_id)
                filing.flush()
                draft = filing.drafts[main.case_id]
                if not draft.new and not draft.added:
                    tx.log("case.joined", f"case:{draft.id}", {"items": []})
        return main.case_id, main.became

    def report(self, report: Report, actor: Actor = SYSTEM) -> ReportReceipt:
        """Take in a report; a repeat joins the case. Raises ReportRefused where something is missing."""
        report.check()
        with self.store.write(actor) as tx:
            return report_intake.take(tx, self.pictures, self.clock(), report)

    def refuse(self, report_id: str, actor: Actor, reason: str) -> None:
        """Refuse an order or report, with the reason; its clock stops, its case goes on like any other."""
        with self.store.write(actor) as tx:
            report_intake.refuse(tx, report_id, self.clock(), reason)

    def status(self, token: str) -> ReportStatus | None:
        """What the sender of a report may read; None for a token that was never given."""
        with self.store.read() as view:
            return report_status.status(view, token)
