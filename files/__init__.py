"""Files that people send: told from their content, opened where they can do no harm, kept under random names."""


class Refusal(Exception):
    """The file is not taken. The message is Vietnamese and says what to do; `code` names the reason to programs."""

    def __init__(self, message: str, code: str = "unreadable") -> None:
        super().__init__(message, code)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return self.message
