"""Workers: `acting.py URL TIME FOLDER MANY` forks so many. Each opens the store and makes N.ready; once there is a
file `go`, it lets the rules look at every case named in N.cases, and writes those it acted on to N.acted.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "unit" / "cases")]

from workshop import ALLOWED  # noqa: E402

from tarazu.cases.automation import Automation  # noqa: E402
from tarazu.cases.decision_settings import DecisionSettings  # noqa: E402
from tarazu.cases.rule import AutomationSettings  # noqa: E402
from tarazu.store import Store  # noqa: E402


def act(url: str, at: datetime, folder: Path, number: int) -> None:
    careful = AutomationSettings(stop_least=10_000)
    with Store.open(url, key=bytes(range(32)), clock=lambda: at) as store:
        automation = Automation(store, None, careful, DecisionSettings(policies=(ALLOWED,)))
        offered = (folder / f"{number}.cases").read_text().split()
        (folder / f"{number}.ready").touch()
        while not (folder / "go").exists():
            time.sleep(0.002)
        acted = [hit.case_id for one in offered for hit in automation.run(one) if hit.acted]
        (folder / f"{number}.acted").write_text(" ".join(acted))


def main() -> int:
    url, at, folder, many = sys.argv[1:]
    children = []
    for number in range(int(many)):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                act(url, datetime.fromisoformat(at), Path(folder), number)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    return max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)


if __name__ == "__main__":
    sys.exit(main())
