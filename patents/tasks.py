"""Celery shells of the patents workstream: each names one action. When they run stands in `portal.celery.TIMETABLE`."""

from celery import shared_task

from patents import grades, valuing
from patents.dates import recompute
from patents.importing import runs, working


@shared_task
def recompute_dates() -> dict[str, int]:
    """Compute the statutory dates of all rights again."""
    return dict(recompute.everything().__dict__)


@shared_task
def run_imports() -> int:
    """Take every waiting import a step further."""
    return working.sweep()


@shared_task
def forget_imports() -> int:
    """Delete the files of imports that ended long ago."""
    return runs.forget_old()


@shared_task
def revalue_rights() -> dict[str, int]:
    """Flag the high-value inventions and grade all rights anew."""
    return {**valuing.reflag(), "grades": grades.regrade()}
