"""Clients of HMA: hash, bank, look up."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from api_parts import problem
from PIL import Image
from starlette.testclient import TestClient

from console import ORIGIN, Console, build
from tarazu.errors import NotReadable
from tarazu.media.bank import Bank
from tarazu.media.bank.entry import Entry

NEVER = "c" * 63 + "5"


def drawn(number: int, size: int = 256, format: str = "PNG") -> bytes:
    """A picture of soft patches, unlike any of another number."""
    patches = np.random.default_rng(number).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    picture = Image.fromarray(patches).resize((size, size), Image.Resampling.BICUBIC)
    written = io.BytesIO()
    picture.save(written, format)
    return written.getvalue()


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    made = build(tmp_path_factory.mktemp("banks"), limits={"api_per_minute": 10**6})
    yield made
    if hasattr(made.app.state, "banks"):
        made.app.state.banks.close()
    made.store.close()


@pytest.fixture
def program(console: Console) -> TestClient:
    return console.program("bank.match", "bank.edit")


def test_a_client_of_hma_hashes_banks_and_finds_a_picture(program: TestClient) -> None:
    assert program.post("/c/banks", json={"name": "OLD_SQUARE", "enabled_ratio": "1.0"}).status_code == 201
    problem(program.post("/c/banks", json={"name": "OLD_SQUARE"}), 409)
    assert program.get("/c/bank/OLD_SQUARE").json() == {"name": "OLD_SQUARE", "matching_enabled_ratio": 1.0}
    picture = drawn(1)
    hashed = program.post("/h/hash", files={"photo": ("a.png", picture)}).json()
    assert len(hashed["pdq"]) == 64
    added = program.post("/c/bank/OLD_SQUARE/content", files={"photo": ("a.png", picture)}).json()
    assert added["signals"]["pdq"] == hashed["pdq"]
    # A smaller copy in another format is the same picture.
    copy = {"photo": ("b.jpg", drawn(1, 200, "JPEG"))}
    assert program.post("/m/lookup", files=copy).json()["pdq"] == {}  # in quarantine: it does not decide
    asked = {"signal": program.post("/h/hash", files=copy).json()["pdq"], "signal_type": "pdq"}
    assert program.get("/m/raw_lookup", params=asked).json() == {"matches": [added["id"]]}
    path = f"/c/bank/OLD_SQUARE/content/{added['id']}"
    assert program.get(path).json()["disable_until_ts"] == 0
    assert program.put(path, json={"disable_until_ts": 1}).json()["disable_until_ts"] == 1
    (hit,) = program.post("/m/lookup", files=copy).json()["pdq"]["OLD_SQUARE"]
    assert hit["bank_content_id"] == added["id"] and 0 <= int(hit["distance"]) <= 31
    assert program.get("/m/lookup", params=asked).json() == {"OLD_SQUARE": [hit]}
    distances = program.get("/m/raw_lookup", params={**asked, "include_distance": "true"}).json()["matches"]
    assert distances == [{**hit, "content_id": added["id"]}]
    assert program.post("/m/lookup", files={"photo": ("c.png", drawn(2))}).json()["pdq"] == {}
    assert program.delete(path).json() == {"deleted": 1}
    assert program.get("/m/lookup", params=asked).json() == {}


def test_a_picture_that_is_known_and_fine_blames_nobody(console: Console, program: TestClient) -> None:
    folder: Path = console.settings.data_folder / "banks"
    folder.mkdir(exist_ok=True)
    with Bank.create(folder / "press.bank", owner="desk", reason="photos of agencies", negative=True) as bank:
        bank.add(Entry.picture(NEVER), by="desk")
    with Bank.create(folder / "bad.bank", owner="desk", reason="known") as bank:
        bank.add(Entry.picture(NEVER), by="desk", trusted=True)
    names = {one["name"]: one["matching_enabled_ratio"] for one in program.get("/c/banks").json()}
    assert (names["press"], names["bad"]) == (0.0, 1.0)
    asked = {"signal": NEVER, "signal_type": "pdq"}
    assert program.get("/m/lookup", params=asked).json() == {}
    assert len(program.get("/m/raw_lookup", params=asked).json()["matches"]) == 1


def test_hashes_alone_are_banked_and_found(program: TestClient) -> None:
    program.post("/c/banks", json={"name": "HASHES"})
    key = {"idempotency-key": "h1"}
    first = program.post("/c/bank/HASHES/signal", json={"video_md5": "a" * 32}, headers=key)
    second = program.post("/c/bank/HASHES/signal", json={"video_md5": "a" * 32}, headers=key)
    assert first.status_code == 200 and first.json() == second.json()
    found = program.get("/m/raw_lookup", params={"signal": "a" * 32, "signal_type": "video_md5"}).json()
    assert found == {"matches": [first.json()["id"]]}
    whole = program.get(f"/c/bank/HASHES/content/{first.json()['id']}?include_signals=true").json()
    assert whole["signals"] == {"video_md5": "a" * 32}
    for wrong in ({"pdq": "zz"}, {"other": "1"}, {}, {"pdq": "0" * 64}):
        problem(program.post("/c/bank/HASHES/signal", json=wrong), 422)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x.png", "http://localhost/", "file:///etc/passwd", "http://[::1]/", "x", ""]
)
def test_only_public_addresses_are_fetched(program: TestClient, url: str) -> None:
    problem(program.get("/h/hash", params={"url": url}), 422)
    problem(program.get("/m/lookup", params={"url": url}), 422)
    problem(program.post("/c/bank/HASHES/content", params={"url": url}), 422)


def test_what_is_no_upload_or_no_picture_is_refused(program: TestClient) -> None:
    for path in ("/h/hash", "/m/lookup", "/c/bank/HASHES/content"):
        problem(program.post(path), 422)
        problem(program.post(path, json={"photo": "x"}), 422)
        problem(program.post(path, files={"photo": ("a.png", b"no picture")}), 422)
        problem(program.post(path, files={"other": ("a.png", drawn(1))}), 422)
        two = [("photo", ("a.png", b"a")), ("photo", ("b.png", b"b"))]
        problem(program.post(path, files=two), 422)
        broken = {"content-type": "multipart/form-data; boundary=x"}
        assert program.post(path, content=b"--y\r\n", headers=broken).status_code in (400, 422)
    problem(program.post("/h/hash?types=nope", files={"photo": ("a.png", drawn(1))}), 422)
    problem(program.get("/c/bank/NONE"), 404)
    problem(program.get("/c/bank/HASHES/content/12345"), 404)


def test_the_scopes_and_the_header_of_other_clients(console: Console) -> None:
    looking = console.program("bank.match")
    assert problem(looking.post("/c/banks", json={"name": "X"}), 403)["scope"] == "bank.edit"
    secret = looking.headers["authorization"].removeprefix("Bearer ")
    client = TestClient(console.app, base_url=ORIGIN)
    assert client.get("/c/signal_type", headers={"x-api-key": secret}).status_code == 200
    problem(client.get("/c/signal_type", headers={"x-api-key": "no"}), 401)
    problem(client.get(f"/c/signal_type?api_key={secret}"), 401)  # only ever as a header


def test_a_bank_that_is_damaged_is_refused_by_name_and_the_others_serve(
    console: Console, program: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    program.post("/c/banks", json={"name": "WHOLE"})
    damaged = console.settings.data_folder / "banks" / "ZZ.bank"
    damaged.write_bytes(b"no bank")
    try:
        assert "WHOLE" in {one["name"] for one in program.get("/c/banks").json()}
        assert program.post("/m/lookup", files={"photo": ("a.png", drawn(3))}).status_code == 200
        assert "ZZ.bank" in problem(program.get("/c/bank/ZZ"), 422)["detail"]
        problem(program.post("/c/banks", json={"name": "ZZ"}), 422)
        assert [one for one in caplog.messages if "ZZ.bank" in one] == caplog.messages[:1]  # once
    finally:
        damaged.unlink()
    problem(program.get("/c/bank/ZZ"), 404)


def test_a_bank_that_is_damaged_while_it_is_open_is_left_out(console: Console, program: TestClient) -> None:
    program.post("/c/banks", json={"name": "LATER"})
    program.post("/c/bank/LATER/content", files={"photo": ("a.png", drawn(8))})
    path = console.settings.data_folder / "banks" / "LATER.bank"
    bank = next(one for one in console.app.state.banks.all() if one.about.name == "LATER")
    console.app.state.banks.damaged(bank, NotReadable(f"{path} is damaged."))
    assert "LATER" not in {one["name"] for one in program.get("/c/banks").json()}
    problem(program.get("/c/bank/LATER"), 422)
    os.utime(path, (1, 1))  # mended
    assert "LATER" in {one["name"] for one in program.get("/c/banks").json()}
