"""What every template knows: `hat`, `nav`, `unread_count`, `page_clause`, `is_dense`. Read only when a page asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.hats import NO_HAT, hat_of
from portal.models import Notification
from portal.navigation import nav_for

MOST_UNREAD = 100


def portal(request: HttpRequest) -> dict[str, Any]:
    """Give templates the shell's values; for an anonymous reader they are empty and cost nothing."""
    view = getattr(request.resolver_match, "func", None)
    clause = getattr(getattr(view, "view_class", None), "clause", None)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"hat": NO_HAT, "nav": [], "unread_count": 0, "page_clause": clause, "is_dense": False}
    hat = SimpleLazyObject(lambda: hat_of(request))
    return {
        "hat": hat,
        "nav": SimpleLazyObject(lambda: nav_for(request, hat_of(request))),
        "unread_count": SimpleLazyObject(lambda: _unread(user)),
        "page_clause": clause,
        "is_dense": SimpleLazyObject(lambda: hat_of(request).kind in {"district", "city", "expert"}),
    }


def _unread(user: Any) -> int:
    return Notification.objects.visible_to(user).unread()[:MOST_UNREAD].count()
