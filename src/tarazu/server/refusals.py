"""Why a request is not answered: raised anywhere in the server, shown by `failures` in the visitor's language."""

from __future__ import annotations


class Refused(Exception):
    """A refusal. `key` names the sentence in the catalogue `common`, `code` is for programs."""

    status = 400
    code = "bad_request"

    def __init__(self, key: str | None = None, **values: object) -> None:
        self.key = f"common.error_{self.code}" if key is None else key
        self.values = values
        super().__init__(self.code)


class SignIn(Refused):
    """Nobody is signed in: pages lead to the login."""

    status = 401
    code = "sign_in"


class TokenNeeded(Refused):
    """The API wants a token that works."""

    status = 401
    code = "token_needed"


class Forbidden(Refused):
    """Known, but without the permission."""

    status = 403
    code = "forbidden"

    def __init__(self, permission: str = "") -> None:
        super().__init__(permission=permission)
        self.permission = permission


class WrongOrigin(Refused):
    """The form did not come from one of our pages, or its session is over."""

    status = 403
    code = "wrong_origin"


class NotFound(Refused):
    """There is no such thing (or not for this visitor)."""

    status = 404
    code = "not_found"


class Conflict(Refused):
    """Somebody else was quicker."""

    status = 409
    code = "conflict"


class TooLarge(Refused):
    """More bytes than allowed."""

    status = 413
    code = "too_large"


class Unusable(Refused):
    """Understood, but it cannot be done as it stands."""

    status = 422
    code = "unusable"


class TooOften(Refused):
    """The allowance is used up; `seconds` until there is one again."""

    status = 429
    code = "too_often"

    def __init__(self, seconds: int = 60) -> None:
        super().__init__(seconds=seconds)
        self.seconds = seconds
