"""Personal tokens for programs: shown once, kept as a hash, with scopes and an end."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import ApiToken, User

PREFIX = "ipp_"  # so that scanners of leaked secrets can know one
SCOPES = ("read", "write")
LONGEST_DAYS = 365
DEFAULT_DAYS = 90
MOST_LIVE = 20
USED_EVERY = dt.timedelta(minutes=1)


def digest(raw: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(raw.encode("utf-8", "surrogateescape")).hexdigest()


@transaction.atomic
def create(user: User, *, label: str, scopes: Iterable[str], days: int = DEFAULT_DAYS) -> tuple[ApiToken, str]:
    """Make a token for a person and return (row, the token itself, which is never shown again).

    `scopes` are "read" and "write"; `days` until it ends, at most a year. Raises RuleBroken.
    """
    chosen = [scope for scope in SCOPES if scope in set(scopes)]
    if not chosen:
        raise RuleBroken(_("请至少选择一项权限：读取或写入。"), code="no_scope")
    if not 1 <= days <= LONGEST_DAYS:
        raise RuleBroken(_("有效期须为 1 到 %(most)s 天。") % {"most": LONGEST_DAYS}, code="bad_days")
    User.objects.select_for_update().get(pk=user.pk)
    if user.api_tokens.live().count() >= MOST_LIVE:
        raise RuleBroken(_("有效令牌最多 %(most)s 个。请先撤销不用的。") % {"most": MOST_LIVE}, code="too_many")
    raw = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        label=label.strip()[:80] or "API",
        token_hash=digest(raw),
        scopes=chosen,
        created_at=now(),
        expires_at=now() + dt.timedelta(days=days),
    )
    audit.record(user, "token.created", by=user, data={"token": token.number, "scopes": chosen, "days": days})
    return token, raw


@transaction.atomic
def revoke(token: ApiToken, *, by: User) -> ApiToken:
    """End a token at once. Only its owner may. Revoking it again changes nothing."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.user_id != by.pk:
        raise Denied(_("只能撤销自己的令牌。"))
    if token.revoked_at is None:
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])
        audit.record(by, "token.revoked", by=by, data={"token": token.number})
    return token


def authenticate(raw: str) -> ApiToken | None:
    """Return the live token of an active person, or None. Notes its use, at most once a minute."""
    token = ApiToken.objects.live().select_related("user").filter(token_hash=digest(raw)).first()
    if token is None or not token.user.is_active:
        return None
    if token.last_used_at is None or now() - token.last_used_at > USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now())
    return token
