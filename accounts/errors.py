"""How an action says no. Pages and the API turn these into a message at the field or a problem document."""

from typing import Any


class Refused(Exception):
    """The write is not possible; nothing was changed. `message` is Vietnamese, `field` names the place."""

    status = 422
    default_code = "invalid"

    def __init__(self, message: str, *, field: str = "", code: str = "", **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code or self.default_code
        self.details = details


class Stale(Refused):
    """The write names an older version than the stored one; `details` holds mine, theirs and the base."""

    status = 409
    default_code = "stale"


class WrongState(Refused):
    """The step does not fit where the value stands, or the round is closed."""

    status = 409
    default_code = "wrong_state"


class NotAllowed(Refused):
    """The person may see the object but not take this step (four eyes, missing permission)."""

    status = 403
    default_code = "not_allowed"


class OutOfScope(Refused):
    """The person may not know that the object exists: answered as absent."""

    status = 404
    default_code = "not_found"

    def __init__(self, message: str = "Không tìm thấy hoặc bạn không có quyền xem.", **kwargs: Any) -> None:
        super().__init__(message, **kwargs)
