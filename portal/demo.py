"""Sign-in links of the demo: for this installation, for a day, over loopback, and only while it is marked as a demo.

Four locks, each sufficient: the mode is local, the database carries the demo mark, the request comes over loopback
straight (no proxy), and the link is signed with this installation's secret for a person of the demo.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.db.models import Prefetch
from django.http import HttpRequest

from portal.models import Installation, Membership, Posting, User

SALT = "portal.demo.sign-in"
VALID_SECONDS = 24 * 3600
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")


# What a workstream adds to the demo: (say) -> how many of what. The command that seeds the demo plays them in order.
Step = Callable[[Callable[[str], Any]], dict[str, int]]
_steps: list[Step] = []


def register_step(step: Step) -> None:
    """Let a workstream add its part to the demo; called once when its app is ready."""
    _steps.append(step)


def steps() -> list[Step]:
    """Return what the workstreams add, in the order of registration."""
    return list(_steps)


def is_on() -> bool:
    """Whether this installation is a demo on one's own machine."""
    return bool(settings.LOCAL) and Installation.objects.filter(pk=1, is_demo=True).exists()


def sign_in_links() -> list[tuple[str, str, str]]:
    """Return (name, role in words, address) per demo person; nothing where this is no demo."""
    if not is_on():
        return []
    people = User.objects.filter(is_demo=True, is_active=True).order_by("pk").prefetch_related(
        Prefetch("memberships", Membership.objects.open().select_related("organisation")),
        Prefetch("postings", Posting.objects.open().select_related("office")),
        "expert",
    )  # fmt: skip
    return [(person.name, _role(person), _link(person)) for person in people]


def _role(person: User) -> str:
    parts = [f"{row.organisation.name} {row.get_role_display()}" for row in person.memberships.all()]
    parts += [f"{row.office} {row.get_role_display()}" for row in person.postings.all()]
    if getattr(person, "expert", None):
        parts.append("评审专家")
    return "；".join(parts)


def token_of(person: User) -> str:
    """Return the signed part of a person's link. It dies with the day, the password and the person's sessions."""
    return signing.dumps([person.pk, person.session_epoch], salt=SALT)


def _link(person: User) -> str:
    return f"{settings.PUBLIC_URL}/demo/sign-in/{token_of(person)}/"


def person_of(request: HttpRequest, token: str) -> User | None:
    """Return the demo person of a link, or None when any of the four locks is shut."""
    if not settings.LOCAL or not _is_loopback(request) or not is_on():
        return None
    try:
        pk, epoch = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return User.objects.filter(pk=pk, session_epoch=epoch, is_demo=True, is_active=True).first()


def _is_loopback(request: HttpRequest) -> bool:
    if any(request.META.get(name) for name in FORWARDED):
        return False
    host = (urlsplit(f"//{request.get_host()}").hostname or "").lower()
    return _is_local_address(request.META.get("REMOTE_ADDR", "")) and (host == "localhost" or _is_local_address(host))


def _is_local_address(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False
