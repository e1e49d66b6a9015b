"""Sign in where one's organisation keeps its accounts: OpenID Connect, code flow with PKCE, by Authlib.

Needs the extra `oidc`. What comes back is believed only if its signature, issuer, audience, time and nonce fit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from tarazu.errors import OptionError
from tarazu.server.refusals import Refused
from tarazu.settings import Settings

CALLBACK = "/login/oidc/back"
DESCRIPTION = "/.well-known/openid-configuration"
_ALGORITHMS = ["RS256", "ES256", "EdDSA", "PS256"]  # never `none`, never a shared secret
_TIMEOUT = 10.0
_LEEWAY = 60


class OidcFailed(Refused):
    """The other server did not vouch for anybody."""

    status = 401
    code = "oidc"

    def __init__(self, key: str = "people.oidc_failed") -> None:
        super().__init__(key)


@dataclass(frozen=True, kw_only=True, slots=True)
class Vouched:
    """Whom the other server vouches for."""

    subject: str  # issuer, a space, their id there
    email: str | None  # only if that server says it has checked it


class Provider:
    """The other server."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._settings = settings.oidc
        self._back = settings.public_url + CALLBACK
        self._clock = clock
        self._lock = threading.Lock()
        self._known: Mapping[str, Any] | None = None

    def start(self, state: str, nonce: str, verifier: str) -> str:
        """Where to send the browser."""
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self._described()["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return str(url)

    def finish(self, code: str, nonce: str, verifier: str) -> Vouched:
        """Exchange the code, check the token; raises OidcFailed."""
        from authlib.common.errors import AuthlibBaseError
        from httpx import HTTPError
        from joserfc.errors import JoseError

        try:
            with self._client() as client:
                described = self._described()
                token = client.fetch_token(described["token_endpoint"], code=code, code_verifier=verifier)
                keys = (
                    client.request("GET", described["jwks_uri"], withhold_token=True)
                    .raise_for_status()
                    .json()
                )
            claims = self._claims(str(token["id_token"]), keys, nonce)
        except (AuthlibBaseError, HTTPError, JoseError, KeyError, ValueError, TypeError) as error:
            raise OidcFailed from error
        verified = claims.get("email_verified") is True
        email = claims.get("email")
        return Vouched(
            subject=f"{self._settings.issuer} {claims['sub']}",
            email=email.casefold() if verified and isinstance(email, str) else None,
        )

    def _claims(self, token: str, keys: Any, nonce: str) -> Mapping[str, Any]:
        from joserfc import jwt
        from joserfc.jwk import KeySet

        decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS)
        now = int(self._clock().timestamp())
        jwt.JWTClaimsRegistry(
            now=now,
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(decoded.claims)
        audience = decoded.claims["aud"]
        if isinstance(audience, list) and len(audience) > 1:
            raise ValueError("a token for several")  # for others as well: they could show it to us
        if not str(decoded.claims["sub"]).strip():
            raise ValueError("nobody")
        return decoded.claims

    def _described(self) -> Mapping[str, Any]:
        from httpx import HTTPError

        with self._lock:
            if self._known is None:
                try:
                    with self._client() as client:
                        answer = client.request(
                            "GET", self._settings.issuer + DESCRIPTION, withhold_token=True
                        )
                        found = answer.raise_for_status().json()
                    if found["issuer"].rstrip("/") != self._settings.issuer:
                        raise ValueError("another issuer")
                except (HTTPError, KeyError, ValueError, TypeError, AttributeError) as error:
                    raise OidcFailed from error
                self._known = cast("Mapping[str, Any]", found)
            return self._known

    def _client(self) -> Any:
        try:
            from authlib.integrations.httpx_client import OAuth2Client
        except ImportError:
            raise OptionError(
                "Signing in by OpenID Connect needs more: pip install 'tarazu[oidc]', then start again."
            ) from None
        return OAuth2Client(
            self._settings.client_id,
            self._settings.client_secret.get_secret_value(),
            scope="openid email profile",
            redirect_uri=self._back,
            code_challenge_method="S256",
            timeout=_TIMEOUT,
            follow_redirects=False,
        )
