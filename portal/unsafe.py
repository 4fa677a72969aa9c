"""The one word with which the inspectors of files refuse."""


class Unsafe(Exception):
    """The file must not be taken; `code` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
