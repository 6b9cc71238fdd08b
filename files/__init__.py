"""Files that people send: told from their content, opened where they can do no harm, kept under random names."""


class Refusal(Exception):
    """A file is not taken. `message` is Vietnamese and says what to do; `code` names the reason for programs."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
