"""What a refused row says to readers of English, by its code: the Vietnamese sentence names the figures."""

UNKNOWN_MEMBER = "Không có thành phần này."
OTHER = "The row cannot be taken; see message."
_SAID = {
    "invalid": "A member of the row is missing, unknown or of the wrong type.",
    "not_found": "No such value, or it is outside your scope.",
    "not_allowed": "You may see this value but not enter it.",
    "duplicate": "The same value stands in more than one row; keep one.",
    "which_input": "The indicator has several inputs; name one with `input`.",
    "round_closed": "The round is closed.",
    "derived": "The portal computes this value; it is not entered.",
    "unreadable": "The text has no single meaning as a value of this type.",
    "out_of_range": "The number cannot be a value of this type.",
    "must_apply": "The indicator always applies.",
    "one_must_apply": "One of the alternatives has to apply.",
    "sum": "A stated sum does not add up.",
    "stale": "Somebody else changed the value after you read it.",
    "wrong_state": "The value was submitted; it has to be returned before it is entered again.",
}


def of(code: str) -> str:
    """The sentence of a code."""
    return _SAID.get(code, OTHER)
