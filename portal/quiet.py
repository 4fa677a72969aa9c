"""When a person may be mailed, for statements that write notifications: `portal.notifications.after_quiet` in SQL."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.clock import SHANGHAI


def after_quiet(person: str) -> str:
    """Return the moment %(now)s, or the end of the quiet hours of `person` (an alias of their row) around it."""
    start, end = f"{person}.quiet_from", f"{person}.quiet_to"
    return f"""CASE WHEN {start} IS NULL OR {end} IS NULL OR {start} = {end} THEN %(now)s
             WHEN {start} < {end} AND %(local)s::time >= {start} AND %(local)s::time < {end}
                 THEN (%(today)s::date + {end}) AT TIME ZONE 'Asia/Shanghai'
             WHEN {start} > {end} AND %(local)s::time >= {start}
                 THEN (%(today)s::date + 1 + {end}) AT TIME ZONE 'Asia/Shanghai'
             WHEN {start} > {end} AND %(local)s::time < {end}
                 THEN (%(today)s::date + {end}) AT TIME ZONE 'Asia/Shanghai'
             ELSE %(now)s END"""


def moments(moment: dt.datetime) -> dict[str, Any]:
    """Return the parameters that `after_quiet` names."""
    local = moment.astimezone(SHANGHAI)
    return {"now": moment, "local": local.replace(tzinfo=None), "today": local.date()}
