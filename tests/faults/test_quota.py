"""Promise 17: twice the quota offered by eight workers at once, and exactly the quota acts."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from stores import KEY
from tarazu.cases.rule import AutomationSettings
from tarazu.store import Store
from tarazu.store.tables.automation import quotas, rule_hits
from tarazu.store.tables.decisions import decisions
from tarazu.store.tables.outbox import outbox
from tarazu.store.verify import verify

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "unit" / "cases"))

from workshop import Workshop  # noqa: E402  beside the tests of the cases

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")
WORKERS, QUOTA = 8, 50


def test_twice_the_quota_offered_at_once_exactly_the_quota_acts(url: str, tmp_path: Path) -> None:
    with Store.open(url, key=KEY) as store:
        shop = Workshop(store, AutomationSettings(shadow_days=1, stop_least=10_000))
        rule = shop.live(daily_quota=QUOTA)
        offered = [shop.post() for _ in range(2 * QUOTA)]
        rng = random.Random(17)
        for number in range(WORKERS):
            (tmp_path / f"{number}.cases").write_text(" ".join(rng.sample(offered, len(offered))))
        command = [sys.executable, str(HERE / "acting.py"), url, shop.clock.at.isoformat(), str(tmp_path)]
        workers = subprocess.Popen([*command, str(WORKERS)])
        while len(list(tmp_path.glob("*.ready"))) < WORKERS:  # all of them, before any begins
            assert workers.poll() is None
            time.sleep(0.01)
        (tmp_path / "go").touch()
        assert workers.wait(300) == 0
        acted = Counter(one for file in tmp_path.glob("*.acted") for one in file.read_text().split())
        assert len(acted) == QUOTA and set(acted.values()) == {1}
        with store.read() as view:
            made = view.rows(select(decisions.c.case_id).where(decisions.c.actor_id == rule.id))
            used = view.value(select(quotas.c.used).where(quotas.c.name == f"rule:{rule.id}"))
            why = dict(map(tuple, view.rows(select(rule_hits.c.why, func.count()).group_by(rule_hits.c.why))))
            queued = view.value(
                select(func.count())
                .select_from(outbox.join(decisions, decisions.c.id == outbox.c.decision_id))
                .where(decisions.c.actor_id == rule.id, outbox.c.act == "remove")
            )
        assert {row.case_id for row in made} == set(acted) and len(made) == QUOTA
        assert (used, queued) == (QUOTA, QUOTA)
        assert why == {"acted": QUOTA, "quota": QUOTA}
        assert not verify(store).faults
    print(
        f"{store.dialect}: {len(offered)} cases offered to each of {WORKERS} workers at once, quota {QUOTA}: "
        f"{len(made)} acted, 0 doubled, {why['quota']} left to people"
    )
