"""A fresh second factor: acts for hundreds of cases at once ask for it again, however long ago one signed in."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.utils.translation import gettext_lazy as _

from portal.errors import RuleBroken

FRESH = 300  # seconds
DIGITS = 6


def is_fresh(request: Any) -> bool:
    """Return whether this session has shown the second factor within the last FRESH seconds."""
    records = get_authentication_records(request) if hasattr(request, "session") else []
    return any(row.get("method") == "mfa" and time.time() - row.get("at", 0) <= FRESH for row in records)


def prove(request: Any, code: str) -> None:
    """Raise RuleBroken unless the session is fresh or `code` is right, now and for the first time."""
    if is_fresh(request):
        return
    digits = "".join(letter for letter in code if letter.isdecimal())
    apps = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP)
    if len(digits) != DIGITS or not any(TOTP(app).validate_code(digits) for app in apps):
        words = _("请输入验证器此刻显示的六位验证码；每个验证码只能用一次。")
        raise RuleBroken(words, code="second_factor_stale")
