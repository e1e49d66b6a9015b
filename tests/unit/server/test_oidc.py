"""Signing in with an account elsewhere, against a small server that plays the other side."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from console import Browser, Console, build
from tarazu.server.roles import Role
from tarazu.store import SYSTEM

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class Issuer(ThreadingHTTPServer):
    """Vouches for whoever the test says."""

    daemon_threads = True
    claims: dict[str, Any]
    key = KEY
    challenge = nonce = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Issuer

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/.well-known/openid-configuration":
            base = self.server.url
            self.say(
                issuer=base, authorization_endpoint=f"{base}/auth", token_endpoint=f"{base}/token",
                jwks_uri=f"{base}/keys",
            )  # fmt: skip
        else:
            self.say(keys=[KEY.as_dict(private=False)])

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.server.challenge:
            self.send_error(400)
            return
        claims = {"nonce": self.server.nonce, **self.server.claims}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.server.key)
        self.say(access_token="a", token_type="Bearer", expires_in=60, id_token=token)

    def say(self, **fields: object) -> None:
        body = json.dumps(fields).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer(("127.0.0.1", 0), Answers)
    runs = threading.Thread(target=made.serve_forever)
    runs.start()
    yield made
    made.shutdown()
    runs.join()
    made.server_close()


@pytest.fixture
def console(tmp_path: Path, issuer: Issuer) -> Iterator[Console]:
    oidc = {"issuer": issuer.url, "client_id": "tarazu", "client_secret": "s", "link_by_email": True}
    made = build(tmp_path, oidc=oidc)
    now = int(made.clock().timestamp())
    issuer.claims = {"iss": issuer.url, "aud": "tarazu", "sub": "u1", "iat": now, "exp": now + 300}
    yield made
    made.store.close()


def go(browser: Browser, issuer: Issuer, path: str = "/login/oidc?then=/own") -> str:
    """To the other server; gives the address that it would send the browser back to."""
    answer = browser.get(path) if path.startswith("/login") else browser.submit(path)
    where = answer.headers.get("location") or answer.headers["refresh"].partition("url=")[2]
    asked = {key: value[0] for key, value in parse_qs(urlsplit(where).query).items()}
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    issuer.challenge, issuer.nonce = asked["code_challenge"], asked["nonce"]
    return f"/login/oidc/back?code=c&state={asked['state']}"


def test_who_was_invited_is_recognised_by_a_checked_address_and_then_by_the_account(
    console: Console, issuer: Issuer
) -> None:
    console.person(Role.REVIEWER, email="Ada@example.org")
    browser = console.stranger()
    assert browser.get(go(browser, issuer)).status_code == 401, "nobody said the address was checked"
    issuer.claims |= {"email": "ada@example.org", "email_verified": True}
    answer = browser.get(go(browser, issuer))
    assert (answer.status_code, answer.headers["location"]) == (303, "/own")
    assert browser.get("/own").status_code == 200
    del issuer.claims["email"]
    again = console.stranger()
    assert again.get(go(again, issuer)).status_code == 303


def test_an_account_is_connected_once(console: Console, issuer: Issuer) -> None:
    first, second = console.client(Role.VIEWER), console.client(Role.VIEWER)
    assert first.get(go(first, issuer, "/own/oidc")).headers["location"] == "/own?said=saved"
    assert second.get(go(second, issuer, "/own/oidc")).status_code == 409
    console.desk.people.change(SYSTEM, console.person(Role.ADMIN).id, languages=["fa"])
    console.desk.people.change(SYSTEM, first.person.id, active=False)
    stranger = console.stranger()
    assert stranger.get(go(stranger, issuer)).status_code == 401, "who was taken out stays out"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["tarazu", "another"]},
        {"exp": 1},
        {"nonce": "of another sign-in"},
        {"sub": ""},
    ],
)
def test_a_token_that_does_not_fit_is_not_believed(
    console: Console, issuer: Issuer, wrong: dict[str, object]
) -> None:
    browser = console.client(Role.VIEWER)
    browser.get(go(browser, issuer, "/own/oidc"))
    stranger = console.stranger()
    assert stranger.get(go(stranger, issuer)).status_code == 303, "it works as it should"
    issuer.claims |= wrong
    stranger = console.stranger()
    assert stranger.get(go(stranger, issuer)).status_code == 401
    assert stranger.get("/own").status_code == 303


def test_a_forged_signature_another_browser_and_a_second_use_are_refused(
    console: Console, issuer: Issuer
) -> None:
    browser = console.client(Role.VIEWER)
    browser.get(go(browser, issuer, "/own/oidc"))
    victim, attacker = console.stranger(), console.stranger()
    back = go(attacker, issuer)
    assert victim.get(back).status_code == 401, "a sign-in begun by somebody else"
    back = go(attacker, issuer)
    assert attacker.get(back).status_code == 303
    assert console.stranger().get(back).status_code == 401
    back = go(attacker := console.stranger(), issuer)
    issuer.key = OTHER
    assert attacker.get(back).status_code == 401
