"""Several processes at once: nothing is lost, doubled or half seen; a killed writer loses nothing it had confirmed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from bank_parts import words

from tarazu.media.bank import Bank, Entry

ADD = """
import sys
from tarazu.media.bank import Bank, Entry
bank, first, many = Bank.open(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for n in range(first, first + many):
    pdq = f"{n * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 256):064x}"
    print(bank.add(Entry.picture(pdq, id=str(n)), by="a"), flush=True)
"""
COUNT = """
import sys
from tarazu.media.bank import Bank
from tarazu.sightings import MediaMatch, Transform
bank = Bank.open(sys.argv[1])
match = MediaMatch(bank="x", entry="7", distance=0, transform=Transform.UPRIGHT)
held = [one for n in range(60) for one in bank.count_uploads([[match]] + [[]] * 3)]
print(len(held))
"""


def pdq(n: int) -> str:
    return f"{(n * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 256):064x}"


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def test_three_writers_and_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "x.bank"
    with Bank.create(path, owner="o", reason="r") as bank:
        writers = [start(ADD, path, 1 + 100 * n, 100) for n in range(3)]
        seen = 0
        while any(writer.poll() is None for writer in writers):
            found = sum(bool(bank.match(words(pdq(n)))) for n in range(1, 301, 10))
            assert found >= seen  # what was there stays there
            seen = found
        assert sorted(int(id) for one in writers for id in one.communicate()[0].split()) == list(
            range(1, 301)
        )
        assert all([one.entry for one in bank.match(words(pdq(n)))] == [str(n)] for n in range(1, 301))
        assert len(bank.changes()) == 301


def test_a_killed_writer_loses_nothing_it_had_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "x.bank"
    Bank.create(path, owner="o", reason="r").close()
    confirmed: list[str] = []
    for round in range(3):
        writer = start(ADD, path, 1 + 10_000 * round, 10_000)
        assert writer.stdout is not None
        for _ in range(20 + 13 * round):
            confirmed.append(writer.stdout.readline().strip())
        writer.send_signal(signal.SIGKILL)
        confirmed += writer.communicate()[0].split("\n")[:-1]  # the last line may be cut
        with Bank.open(path) as bank:
            there = {entry.id for entry in bank.entries()}
            assert set(confirmed) <= there
            assert len(bank.changes()) == len(there) + 1  # each with its line in the log, and no other
            assert bank.match(words(pdq(int(confirmed[-1]))))


def test_uploads_are_counted_once_over_processes(tmp_path: Path) -> None:
    path = tmp_path / "x.bank"
    with Bank.create(path, owner="o", reason="r") as bank:
        bank.add(Entry.picture(pdq(7), id="7"), by="a", trusted=True)
        counters = [start(COUNT, path) for _ in range(3)]
        held = sum(int(one.communicate()[0]) for one in counters)
        record = bank.record("7")
        assert (record.matched, record.uploads, held) == (180, 720, 1)
