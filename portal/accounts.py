"""One's own account: name and how the portal looks and writes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.models import User

FIELDS = ("name", "phone", "language", "theme", "text_size", "mail_choice", "quiet_from", "quiet_to")
HALF_QUIET = _("免打扰的开始和结束要一起填写，或者都不填。")


@transaction.atomic
def update_settings(user: User, *, values: dict[str, Any]) -> User:
    """Keep one's own settings; the log holds what was changed, for a name stands under decisions."""
    user = User.objects.select_for_update().get(pk=user.pk)
    given = {key: values[key] for key in FIELDS if key in values}
    changed = {
        key: [_plain(getattr(user, key)), _plain(new)] for key, new in given.items() if getattr(user, key) != new
    }
    for key in changed:
        setattr(user, key, values[key])
    if changed:
        user.save(update_fields=list(changed))
        audit.record(user, "user.settings_changed", by=user, data=changed)
    return user


def _plain(value: Any) -> Any:
    return value.isoformat("minutes") if isinstance(value, dt.time) else value
