"""The two refusals of the portal. Both carry one sentence that page, API and disabled button share."""


class PortalError(Exception):
    """Base of the refusals.

    `sentence` is a (lazily translated) human sentence that says what is wrong and what to do.
    `code` is a stable machine word for the API.
    """

    code = "error"

    def __init__(self, sentence: object, *, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if code:
            self.code = code

    def __str__(self) -> str:
        return str(self.sentence)


class Denied(PortalError):
    """WHO: this person may never do this to this object. HTTP 403."""

    code = "denied"


class RuleBroken(PortalError):
    """WHEN: the person may, but not now or not like this. HTTP 409."""

    code = "rule_broken"
