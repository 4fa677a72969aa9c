"""What the tests of people share: a broken audit, and a look at the newest notification."""

from collections.abc import Callable
from typing import Any

import pytest

from portal import audit
from portal.models import AuditEvent, Notification, User


class AuditBroken(Exception):
    """Planted: the log cannot be written."""


@pytest.fixture
def broken_audit(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Return `break()`: from then on nothing can be recorded; yields the context that expects the failure."""

    def break_it() -> Any:
        def refuse(*_args: Any, **_kwargs: Any) -> None:
            raise AuditBroken

        monkeypatch.setattr(audit, "record", refuse)
        return pytest.raises(AuditBroken)

    return break_it


def told(user: User) -> list[str]:
    """Return the templates of a person's notifications, oldest first."""
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("template", flat=True))


def logged(subject_type: str = "organisation") -> list[str]:
    """Return the audit words of a kind of subject, oldest first."""
    return list(AuditEvent.objects.filter(subject_type=subject_type).order_by("pk").values_list("action", flat=True))
