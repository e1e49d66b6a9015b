"""One typed settings object: read once, from what is given, the environment and a TOML file, and passed in.

What is given (the command line) comes before the environment (`TARAZU_...`; inside a group `TARAZU_OIDC__ISSUER`),
that before the file (`tarazu.toml` in the data folder, or the one that `TARAZU_CONFIG` names).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError
from pydantic_settings import TomlConfigSettingsSource as TomlFile

from tarazu.errors import OptionError, OutputError

Language = Literal["en", "fa", "ar"]
LANGUAGES: tuple[Language, ...] = ("en", "fa", "ar")
_CLOSED = ConfigDict(extra="forbid", frozen=True)


class Oidc(BaseModel):
    """Where people of an organisation already sign in."""

    model_config = _CLOSED

    issuer: str = ""  # empty: no such button
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    link_by_email: bool = False  # whether a verified address is enough to recognise an invited person

    @field_validator("issuer")
    @classmethod
    def _safe(cls, given: str) -> str:
        parts = urlsplit(given)
        local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if given and not (parts.scheme == "https" or (parts.scheme == "http" and local)):
            raise ValueError("must begin with https://")
        return given.rstrip("/")


class Limits(BaseModel):
    """How often and how much."""

    model_config = _CLOSED

    body: int = Field(default=20_000_000, ge=10_000)  # bytes of one request
    login_per_minute: int = Field(default=5, ge=1)  # wrong passwords for one account from one address
    forms_per_hour: int = Field(default=20, ge=1)  # public forms from one address
    api_per_minute: int = Field(default=600, ge=1)  # requests of one token
    lock_minutes: int = Field(default=15, ge=1)  # how long a case is kept for who opened it


class Wellbeing(BaseModel):
    """When a break is suggested to somebody who looks at cases, and how it can be put off."""

    model_config = _CLOSED

    rest_minutes: int = Field(default=50, ge=5)  # on cases without a break, after which one is suggested
    rest_reveals: int = Field(
        default=25, ge=1
    )  # pictures looked at without a break, after which one is suggested
    put_off_minutes: int = Field(default=10, ge=1)  # for which it can be put off, once
    pause_minutes: int = Field(default=5, ge=1)  # without work that count as a break


class Quality(BaseModel):
    """How much is looked at twice, and when a figure is worth saying."""

    model_config = _CLOSED

    second_looks: float = Field(
        default=0.05, ge=0, le=1
    )  # share of decided cases that somebody looks at again
    within_days: int = Field(default=30, ge=1)  # how long after the decision
    few: int = Field(default=20, ge=2)  # fewer cases than this are too few to say a share of


class Translator(BaseModel):
    """A machine that translates posts for who reads them; nothing is sent anywhere unless `address` is set."""

    model_config = _CLOSED

    address: str = ""  # of a server that speaks LibreTranslate's protocol, without /translate; empty: none
    key: SecretStr = SecretStr("")  # if it wants one
    timeout: float = Field(default=5.0, gt=0, le=60)  # seconds for one answer
    at_once: bool = False  # ask when a case is opened; False: when somebody presses the button

    @field_validator("address")
    @classmethod
    def _is_address(cls, given: str) -> str:
        parts = urlsplit(given)
        if given and (
            parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username
        ):
            raise ValueError(
                "must be like http://127.0.0.1:5000, without a name, a password or a question in it"
            )
        return given.rstrip("/")


class Settings(BaseSettings):
    """Everything that can be set; docs/reference/settings.md has a line for each."""

    model_config = SettingsConfigDict(
        env_prefix="TARAZU_", env_nested_delimiter="__", extra="forbid", frozen=True, validate_default=True
    )

    data_folder: Path = Path("tarazu-data")
    store: str = ""  # address of the store; empty: tarazu.db in the data folder
    policy: Path | None = None  # decisions rest on its clauses; None: the example policy
    entities: tuple[Path, ...] = ()  # lists of designated entities; none: the example list
    public_url: str = "http://127.0.0.1:8000"  # under which people reach this server; links begin with it
    hosts: tuple[str, ...] = ()  # further names under which it may be asked
    proxies: tuple[str, ...] = ()  # addresses of reverse proxies whose X-Forwarded-For is believed
    language: Language = "en"  # where neither the person nor the browser says another
    languages: tuple[Language, ...] = LANGUAGES  # of the interface
    session_hours: int = Field(default=12, ge=1, le=24 * 30)  # after that a person signs in again
    idle_minutes: int = Field(default=60, ge=1)  # or after so long without a request
    invite_hours: int = Field(default=72, ge=1)  # how long a one-time link works
    retention_days: int = Field(default=184, ge=184)  # how long evidence is kept: six months at least
    judge_reports: bool = (
        True  # whether the server judges reported posts that nobody judged (its job `judge`)
    )
    cookie_secure: bool | None = None  # None: exactly if public_url is https
    oidc: Oidc = Oidc()
    limits: Limits = Limits()
    wellbeing: Wellbeing = Wellbeing()
    quality: Quality = Quality()
    translator: Translator = Translator()

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, given: str) -> str:
        parts = urlsplit(given)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError("must be like https://review.example.org, without a path")
        return given.rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, then the environment, then the file."""
        return init_settings, env_settings, TomlFile(settings_cls)

    @classmethod
    def load(cls, file: Path | None = None, **given: object) -> Settings:
        """Read the settings; `given` wins where it is not None. Raises OptionError that names what is wrong."""
        stated = {name: value for name, value in given.items() if value is not None}
        if file is None and (named := os.environ.get("TARAZU_CONFIG")):
            file = Path(named)
        if file is not None and not file.is_file():
            raise OptionError(f"{file} is not there. Give the name of a settings file that is, or none.")
        folder = stated.get("data_folder") or os.environ.get("TARAZU_DATA_FOLDER") or "tarazu-data"
        file = file or Path(str(folder)) / "tarazu.toml"

        class Read(cls):  # type: ignore[valid-type, misc]
            model_config = SettingsConfigDict(toml_file=file)

        try:
            read = Read(**stated)
        except ValidationError as error:
            raise OptionError("\n".join(_told(error))) from None
        except (SettingsError, ValueError) as error:  # a TOML file or a variable that is not even readable
            raise OptionError(
                f"The settings cannot be read: {error}. Check {file} and TARAZU_... ."
            ) from None
        return cls.model_construct(_fields_set=set(read.model_fields_set), **dict(read))

    @property
    def store_url(self) -> str:
        """The address of the store."""
        return self.store or f"sqlite:///{(self.data_folder / 'tarazu.db').absolute()}"

    @property
    def secure(self) -> bool:
        """Whether cookies travel over https only."""
        return self.public_url.startswith("https:") if self.cookie_secure is None else self.cookie_secure

    def secret(self) -> bytes:
        """The secret of this installation, 32 bytes; made at the first start, readable by its owner only."""
        return _secret(self.data_folder / "secret.key")

    def key(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, always the same in one installation."""
        return hmac.digest(self.secret(), b"tarazu.key.v1:" + purpose.encode(), hashlib.sha256)


def _secret(file: Path) -> bytes:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        if not file.exists():
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
                made.write(secrets.token_hex(32) + "\n")
                made.flush()
                os.fsync(made.fileno())
            try:
                os.link(draft, file)  # whole or not at all, and never over the key of a quicker process
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        found = bytes.fromhex(file.read_text().strip())
    except ValueError:
        found = b""
    except OSError as error:
        raise OutputError(
            f"{file} cannot be made or read: {error.strerror}. Check the permissions of the data folder."
        ) from None
    if len(found) != 32:
        raise OptionError(
            f"{file} is no key (64 hex digits). Put the file back from your backup: a new key ends all "
            "sessions, and no other can sign the ledger as before."
        )
    return found


def _told(error: ValidationError) -> list[str]:
    lines = []
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        name = ".".join(str(part) for part in fault["loc"])
        said = fault["msg"].removeprefix("Value error, ")
        variable = "TARAZU_" + name.upper().replace(".", "__")
        if fault["type"] == "extra_forbidden":
            said = "there is no such setting"
        lines.append(f"Setting {name} ({variable}): {said}.")
    return lines
