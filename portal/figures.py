"""Figures of the office homes, each one statement over the whole city. Kept for a minute with their as-of moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from portal.clock import now, today
from portal.kept import kept
from portal.models import DECIDING, Application, Call, Notification, ReportRun, Stage, Status

KEPT_SECONDS = 60
WORKING = [Status.SUBMITTED, Status.IN_REVIEW]
PASSED = [Status.PUBLICITY, Status.APPROVED, Status.CLOSED]


@dataclass(frozen=True)
class Figures:
    """`districts`: counts by district code; `funnel`: counts by step; `as_of`: when they were counted."""

    districts: dict[str, dict[str, int]]
    funnel: dict[str, int]
    as_of: dt.datetime


def of_the_city() -> Figures:
    """Return the counts of all applications ever handed in, by district and by step. Two statements a minute."""
    key = f"figures:{today()}"
    districts, funnel, as_of = kept(key, lambda: (by_district(), funnel_counts(), now()), KEPT_SECONDS)
    return Figures(districts, funnel, as_of)


def by_district() -> dict[str, dict[str, int]]:
    """Return per district: handed in, working, overdue, waiting for the applicant, recognised or in publicity."""
    rows: Any = (
        Application.objects.exclude(submitted_at=None)
        .order_by()
        .values("office_district")
        .annotate(
            handed_in=Count("pk"),
            working=Count("pk", filter=Q(status__in=WORKING)),
            overdue=Count("pk", filter=Q(status__in=WORKING, due_on__lt=today())),
            returned=Count("pk", filter=Q(status=Status.RETURNED)),
            passed=Count("pk", filter=Q(status__in=PASSED, publicity_from__isnull=False)),
        )
    )
    names = ("handed_in", "working", "overdue", "returned", "passed")
    return {row["office_district"]: {name: row[name] for name in names} for row in rows}


def funnel_counts() -> dict[str, int]:
    """Return how many applications have got how far: handed in, verified, recommended, scored, passed."""
    later = {
        "verified": [Stage.RECOMMEND, Stage.SCORE, *DECIDING],
        "recommended": [Stage.SCORE, *DECIDING],
        "scored": list(DECIDING),
    }
    steps: dict[str, Any] = {name: Count("pk", filter=Q(stage__in=stages)) for name, stages in later.items()}
    return Application.objects.exclude(submitted_at=None).aggregate(
        handed_in=Count("pk"),
        **steps,
        passed=Count("pk", filter=Q(status__in=PASSED, publicity_from__isnull=False)),
    )


def calls_with_counts(limit: int = 6) -> list[Call]:
    """Return the latest published calls; `handed_in` and `passed` say how many applications each has."""
    calls = list(Call.objects.published().order_by("-opens_at", "-id")[:limit])
    pks = [call.pk for call in calls]
    counts = kept(f"calls:{'-'.join(map(str, pks))}", lambda: counts_of_calls(pks), KEPT_SECONDS)
    for call in calls:
        for name in ("handed_in", "passed"):
            setattr(call, name, counts.get(call.pk, {}).get(name, 0))
    return calls


def counts_of_calls(pks: list[int]) -> dict[int, dict[str, int]]:
    """Return per call: handed in, passed."""
    rows: Any = Application.objects.filter(call__in=pks).exclude(submitted_at=None).order_by().values("call")
    counted = rows.annotate(handed_in=Count("pk"), passed=Count("pk", filter=Q(status__in=PASSED)))
    return {row["call"]: {"handed_in": row["handed_in"], "passed": row["passed"]} for row in counted}


def troubles() -> dict[str, int]:
    """Return what failed in the background: e-mails that were given up, reports that were not made."""
    return {
        "mails": Notification.objects.filter(mail_status=Notification.Mail.FAILED)[:1000].count(),
        "reports": ReportRun.objects.filter(status=ReportRun.Status.FAILED)[:1000].count(),
    }
