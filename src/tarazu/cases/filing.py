"""Filing: each item finds the case it belongs to, or opens one. Inside one transaction, many items at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tarazu.cases import clean, rows, shelf
from tarazu.cases.case import CaseKind, CaseState, ItemRole
from tarazu.cases.draft import WORDS, Draft, language, title_of
from tarazu.cases.finding import FindingKind, Found
from tarazu.cases.item import Item, ItemKind
from tarazu.cases.key import ALIKE, Key, alike, keys, same_pictures
from tarazu.cases.pictures import FreshPictures, Pictures
from tarazu.ledger import canonical
from tarazu.store.ids import new_id
from tarazu.store.times import ms
from tarazu.store.transaction import Transaction

KIND = {ItemKind.NETWORK: CaseKind.NETWORK, ItemKind.ACCOUNT: CaseKind.ACCOUNT}
CROWD = 16  # cases that are found by one band


class Became(StrEnum):
    """What became of an item."""

    OPENED = "opened"
    JOINED = "joined"
    KNOWN = "known"


@dataclass(frozen=True, kw_only=True)
class Filed:
    """Where an item is now."""

    case_id: str
    item_id: str
    became: Became


class Filing:
    """One transaction's work. `load` looks everything up at once, `file` decides, `flush` writes."""

    def __init__(self, tx: Transaction, pictures: Pictures, at: datetime) -> None:
        self.tx, self.pictures, self.fresh = tx, pictures, FreshPictures()
        self.at, self.at_ms = at, ms(at)
        self.drafts: dict[str, Draft] = {}
        self.snapshots: dict[tuple[str, str, str, str], str] = {}  # -> item
        self.versions: dict[tuple[str, str, str], list[str]] = defaultdict(list)  # of one post -> items
        self.of_item: dict[str, list[str]] = defaultdict(list)  # -> cases, the latest last
        self.signatures: set[tuple[str, str]] = set()
        self.by_key: dict[str, list[tuple[str, str]]] = defaultdict(list)  # -> (case, media)
        self.by_band: dict[int, list[str]] = defaultdict(list)  # -> open cases
        self.over_band: dict[int, list[str]] = defaultdict(list)  # -> decided ones, the oldest first
        self.gone: list[dict[str, object]] = []
        self.rows: dict[str, list[dict[str, object]]] = defaultdict(list)  # table -> rows to insert

    def load(self, found: Sequence[Found]) -> list[Key]:
        """Look up what the items could belong to; gives their keys."""
        made = keys([one.item for one in found])
        self.pictures.refresh(self.tx)
        shelf.known(self, found)
        shelf.alike(self, made)
        return made

    def file(self, found: Found, key: Key, *, into: str | None = None, again: bool = False) -> Filed:
        """Put one item where it belongs. `into` names the case; `again` attaches to a decided one."""
        item = found.item
        name = (clean.key(item.external_id), str(item.kind), clean.text(item.platform)[:64])
        item_id = self.snapshots.get((*name, item.digest))
        before = self.of_item.get(item_id, []) if item_id else []
        if item_id and before and into is None and (item_id, found.signature) in self.signatures:
            return Filed(case_id=self._open(before) or before[-1], item_id=item_id, became=Became.KNOWN)
        # Strikes are one account's: they say nothing about a network it is a member of.
        own = CaseKind.ACCOUNT if found.kind == FindingKind.STRIKES else None
        case_id = into or self._open(before, own) or self._open_version(name, own)
        case_id = case_id or (before[-1] if again and before else None) or self.like(found, key)
        became = Became.JOINED if case_id else Became.OPENED
        item_id = item_id or self._keep(item, name)
        draft = self.drafts[case_id] if case_id else self._begin(found, key, item_id)
        if item_id not in draft.added and draft.id not in self.of_item[item_id]:
            self._add(draft, found, key, item_id)
        draft.take(found)
        self._note(draft, found, item_id)
        return Filed(case_id=draft.id, item_id=item_id, became=became)

    def like(self, found: Found, key: Key) -> str | None:
        """The open case that an item belongs to by what it says and shows."""
        equal = [(case, media) for case, media in self.by_key.get(key.exact, ()) if self._is_open(case)]
        for case, media in sorted(equal, key=lambda one: one[1] != key.media):
            about = self.drafts[case].about
            if media == key.media or (about is not None and same_pictures(about.pictures, key.pictures)):
                return case
        if found.item.kind != ItemKind.POST:
            return None
        near = dict.fromkeys(case for band in key.bands for case in self.by_band.get(band, ()))
        for case in near if key.near else (*self.fresh.near(key.pictures), *self.pictures.near(key.pictures)):
            draft = self.drafts.get(case)
            if draft is None or draft.state != CaseState.OPEN or draft.signature != found.signature:
                continue
            if draft.about is not None and _alike(draft.about, key):
                return case
        return None

    def flush(self) -> None:
        """Write everything that was filed."""
        shelf.write(self)

    def _is_open(self, case_id: str) -> bool:
        return case_id in self.drafts and self.drafts[case_id].state == CaseState.OPEN

    def _open(self, cases: Sequence[str], kind: CaseKind | None = None) -> str | None:
        fitting = (one for one in cases if self._is_open(one) and kind in (None, self.drafts[one].kind))
        return next(fitting, None)

    def _open_version(self, name: tuple[str, str, str], kind: CaseKind | None = None) -> str | None:
        return self._open([case for item in self.versions.get(name, ()) for case in self.of_item[item]], kind)

    def _keep(self, item: Item, name: tuple[str, str, str]) -> str:
        item_id = new_id(self.at_ms)
        self.snapshots[(*name, item.digest)] = item_id
        self.versions[name].append(item_id)
        self.rows["items"].append(rows.of_item(item, item_id, self.at_ms))
        return item_id

    def _begin(self, found: Found, key: Key, item_id: str) -> Draft:
        item = found.item
        draft = Draft(
            id=new_id(self.at_ms),
            kind=str(KIND.get(item.kind, CaseKind.POST)),
            state=str(CaseState.OPEN),
            item_id=item_id,
            title=title_of(_said(item)),
            key=key.exact,
            signature=clean.text(found.signature)[:200],
            severity=found.severity,
            reach=found.reach,
            certainty=found.certainty,
            due_at=None,
            lang=language(found.lang or item.lang),
            skills=list(found.skills),
            jurisdiction=found.jurisdiction,
            clause_id=found.clause_id,
            opened_at=self.at,
            about=key,
        )
        self.drafts[draft.id] = draft
        for band in key.bands:
            self._shelve(band, draft.id)
        self.fresh.add(draft.id, key.pictures)
        for pdq in key.pictures:
            self.rows["pictures"].append({"case_id": draft.id, "pdq": pdq})
        return draft

    def _shelve(self, band: int, case_id: str) -> None:
        """Let a case be found by a band. Of a popular template a few cases are: the work must not grow with all."""
        if len(self.by_band[band]) >= CROWD:
            return
        over = self.over_band[band]
        if len(self.by_band[band]) + len(over) >= CROWD:
            self.gone.append({"band": band, "case": over.pop(0)})  # one that is decided makes room
        self.by_band[band].append(case_id)
        self.rows["bands"].append({"value": band, "case_id": case_id})

    def _add(self, draft: Draft, found: Found, key: Key, item_id: str) -> None:
        main = item_id == draft.item_id
        member = draft.kind == CaseKind.NETWORK and found.item.kind == ItemKind.ACCOUNT
        role = ItemRole.MAIN if main else ItemRole.MEMBER if member else ItemRole.DUPLICATE
        self.rows["case_items"].append({"case_id": draft.id, "item_id": item_id, "role": str(role)})
        if not member and draft.id not in {case for case, _ in self.by_key[key.exact]}:
            self.rows["keys"].append({"value": key.exact, "case_id": draft.id, "media": key.media})
            self.by_key[key.exact].append((draft.id, key.media))
        self.of_item[item_id].append(draft.id)
        draft.size += member or draft.kind != CaseKind.NETWORK  # of a network, its accounts count
        draft.changed = True
        draft.added.append(item_id)
        words = " ".join(
            one
            for one in (key.words, found.item.external_id, found.item.author_id, found.item.author_name)
            if one
        )
        if sum(map(len, draft.words)) < WORDS:
            draft.words.append(clean.text(words)[:WORDS].lower())

    def _note(self, draft: Draft, found: Found, item_id: str) -> None:
        signature = clean.text(found.signature)[:200]
        if found.kind == FindingKind.REPORTS or (item_id, signature) in self.signatures:
            return
        self.signatures.add((item_id, signature))
        self.rows["findings"].append(
            {
                "id": new_id(self.at_ms),
                "case_id": draft.id,
                "item_id": item_id,
                "kind": str(found.kind),
                "signature": signature,
                "body": canonical.dumps(clean.value(found.body)),
                "versions": canonical.dumps(clean.value(found.versions)),
                "certainty": found.certainty,
                "found_at": self.at_ms,
            }
        )


def _said(item: Item) -> str:
    """What names a case: the words of a post, the name of an account; nothing for a picture without words.

    What was reported by its address alone has nothing else to show.
    """
    name = item.external_id
    if item.kind == ItemKind.ACCOUNT:
        return clean.text(item.author_name or name)
    return clean.text(item.text or "").strip() or ("" if item.media else clean.text(name))


def _alike(one: Key, other: Key) -> bool:
    """Whether two posts say nearly the same, link to the same and show the same."""
    if (one.links or other.links) and not set(one.links) & set(other.links):
        return False
    if not same_pictures(one.pictures, other.pictures):
        return False
    if one.near or other.near:
        return alike(one.shingles, other.shingles) >= ALIKE
    return one.words == other.words and bool(one.pictures)
