"""What the page says of one import: its state, its figures, the tabs over its rows."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from patents.importing import headers, words
from patents.models import ImportRun, Verdict
from portal import formats

from .verdicts import state_of, tallies

Status = ImportRun.Status


def by_verdict(run: ImportRun) -> dict[str, int]:
    """Return the counts of the verdicts alone."""
    return {verdict: run.counts[verdict] for verdict in Verdict.values if run.counts.get(verdict)}


def state(run: ImportRun) -> dict[str, Any]:
    """Return how far it is and what is to be done: is_open while the worker works."""
    is_reading = run.status == Status.UPLOADED and not run.header
    is_open = is_reading or run.status in (Status.CHECKING, Status.QUEUED, Status.RUNNING)
    total = run.row_count
    if run.status in (Status.QUEUED, Status.RUNNING):
        total = run.counts.get("new", 0) + run.counts.get("changed", 0)
    # Once every row is in, the dates that follow are opened: the bar begins anew, and says what it counts now.
    is_dating = run.status == Status.RUNNING and 0 < total <= run.done_count
    return {
        "code": state_of(run),
        "is_open": is_open,
        "total": total,
        "done": run.dated_count if is_dating else run.done_count,
        "is_dating": is_dating,
        "needs_mapping": run.status == Status.UPLOADED and bool(run.header),
        "is_ready": run.status == Status.READY,
        "is_over": run.status in (Status.DONE, Status.CANCELLED),
        "has_work": bool(run.counts.get("new") or run.counts.get("changed")),
        "may_cancel": run.status in (Status.UPLOADED, Status.CHECKING, Status.READY),
        "may_map": bool(run.header) and run.status in (Status.UPLOADED, Status.READY, Status.FAILED),
        "has_outside": bool(run.key) and any(run.counts.get(one) for one in ("bad", "foreign", "duplicate")),
        "error": words.file_error(run.error) if run.error else "",
        "summary": formats.listed(tallies(run)),
    }


def figures(run: ImportRun) -> list[dict[str, Any]]:
    """Return the key figures: rows, new, changed, wrong."""
    if not run.counts:
        return []
    page = reverse("import-detail", args=[run.number])
    shown: list[tuple[Any, int, str, str]] = [(_("行数"), run.row_count, "", "")]
    shown += [
        (
            verdict.label,
            run.counts.get(verdict.value, 0),
            f"{page}?verdict={verdict.value}",
            "bad" if verdict == "bad" else "",
        )
        for verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.BAD)
    ]
    return [
        {"label": label, "value": formats.number(value), "url": url if value else "", "role": role if value else ""}
        for label, value, url, role in shown
    ]


def tabs(run: ImportRun, current: str) -> list[dict[str, Any]]:
    """Return one tab per verdict that occurs, the present one too."""
    page = reverse("import-detail", args=[run.number])
    found: list[tuple[str, Any, int]] = [("", _("全部"), sum(by_verdict(run).values()))]
    found += [(verdict.value, verdict.label, run.counts.get(verdict.value, 0)) for verdict in Verdict]
    found.append(("warned", _("有提醒"), run.counts.get("warned", 0)))
    return [
        {
            "label": label,
            "url": f"{page}?verdict={code}" if code else page,
            "count": formats.number(count),
            "is_current": code == current,
        }
        for code, label, count in found
        if count or code in ("", current)
    ]


def ignored(run: ImportRun) -> list[str]:
    """Return the columns that are not imported."""
    columns = run.mapping.get("columns", {})
    return [title for place, title in enumerate(run.header) if title and str(place) not in columns]


def source_hint(run: ImportRun) -> str:
    """Return what the titles look like, for the mapping page."""
    known = headers.score(run.header)
    return _("认出 %(known)s 列，共 %(all)s 列。") % {"known": known, "all": len(run.header)}
