"""A POST sent twice is done once: keyed writes of pages (hidden `client_key`) and API (`Idempotency-Key`).

The key's row is inserted in the transaction of the action: a crash or a refusal leaves neither, a twin that comes at
the same moment waits at the unique index and then reads what the first one was answered.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.db import OperationalError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.clock import now
from portal.errors import RuleBroken
from portal.models import IdempotencyKey, User

FIELD = "client_key"
HEADER = "Idempotency-Key"
LONGEST_KEY = 80
KEPT = dt.timedelta(hours=48)
# Not part of what was asked: they change with every rendering of the same form.
IGNORED = frozenset({FIELD, "csrfmiddlewaretoken"})
LOCK_NOT_AVAILABLE = "55P03"


class KeyReused(RuleBroken):
    """The same key came with a different body. HTTP 422."""

    code = "key_reused"


class InProgress(RuleBroken):
    """The first request with this key is still running. HTTP 409."""

    code = "in_progress"


@dataclass(frozen=True)
class Outcome:
    """What a write was answered: status, where to go next, and a JSON body. `is_replay` marks a repeat."""

    status: int = 302
    location: str = ""
    body: Any = None
    is_replay: bool = False


def new_key() -> str:
    """Return a fresh key for the hidden field of a form."""
    return secrets.token_urlsafe(18)


def fingerprint(path: str, fields: Iterable[tuple[str, Any]]) -> str:
    """Return the sha256 of an address and (name, value) pairs; a file counts by its name and content."""
    kept = sorted((name, _plain(value)) for name, value in fields if name not in IGNORED)
    text = json.dumps([path, kept], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, File):
        digest = hashlib.sha256()
        value.seek(0)
        for chunk in value.chunks():
            digest.update(chunk)
        value.seek(0)
        return f"{value.name}:{digest.hexdigest()}"
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def once(user: User, key: str, *, path: str, digest: str, perform: Callable[[], Outcome]) -> Outcome:
    """Return what `perform` answered, now or at an earlier call with the same key.

    Whatever `perform` raises undoes its work and the key with it, so that a refused request may be sent again.
    Raises KeyReused when the key came with another body, InProgress when the first call does not end in time.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise KeyReused(_("重复提交的标识不合规：须为 1 到 80 个可显示字符。"), code="bad_key")
    with transaction.atomic():
        row, is_first = _claim(user, key, path, digest)
        if not is_first:
            return _replay(row, path, digest)
        outcome = perform()
        row.response_status, row.response_location, row.response_body = outcome.status, outcome.location, outcome.body
        row.save(update_fields=["response_status", "response_location", "response_body"])
    return outcome


def _claim(user: User, key: str, path: str, digest: str) -> tuple[IdempotencyKey, bool]:
    """Insert the key's row, or wait for whoever inserted it and return theirs."""
    try:
        return IdempotencyKey.objects.get_or_create(
            user=user, key=key, defaults={"path": path[:300], "fingerprint": digest, "created_at": now()}
        )
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
            raise
        raise InProgress(_("同一请求正在办理，请稍候再看结果。")) from error


def _replay(row: IdempotencyKey, path: str, digest: str) -> Outcome:
    if row.path != path[:300] or row.fingerprint != digest:
        raise KeyReused(_("同一提交标识已用于另一内容。请刷新页面后重新提交。"))
    return Outcome(row.response_status or 200, row.response_location, row.response_body, is_replay=True)


def once_for_page(request: HttpRequest, perform: Callable[[], Outcome]) -> Outcome:
    """Do a page's POST once per person and `client_key`; without a key or a signed-in person it is simply done."""
    key = request.POST.get(FIELD, "")
    if not key or not request.user.is_authenticated:
        return perform()
    fields: list[tuple[str, Any]] = [(name, request.POST.getlist(name)) for name in request.POST]
    fields += [(name, file) for name in request.FILES for file in request.FILES.getlist(name)]
    return once(request.user, key, path=request.path, digest=fingerprint(request.path, fields), perform=perform)


def forget_old() -> int:
    """Delete keys whose repeats need not be expected any more; return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now() - KEPT).delete()[0]
