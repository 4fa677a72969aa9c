"""Celery shells: each names one action and nothing more. When they run stands in `portal.celery.TIMETABLE`."""

from celery import shared_task

from services.protection import delivering, ladder, publishing
from services.protection.disputes import dates


@shared_task
def publish_alerts() -> int:
    """Publish what was approved for a moment that has come; close what has run out."""
    return publishing.publish_due() + publishing.expire_due()


@shared_task
def deliver_alerts() -> int:
    """Tell enterprises of new editions and withdrawals."""
    return sum(delivering.sweep().counts)


@shared_task
def match_changed() -> int:
    """Let enterprises whose facts changed meet the alerts that are valid."""
    return sum(delivering.match_changed().counts)


@shared_task
def match_everybody() -> int:
    """Refresh all exposure, and let everybody meet the alerts that are valid."""
    return sum(delivering.match_everybody().counts)


@shared_task
def climb_ladders() -> int:
    """Remind of serious alerts that nobody has read, rung by rung."""
    return ladder.sweep()


@shared_task
def follow_disputes() -> int:
    """Let the dates of open disputes abroad follow the rules as they are now."""
    return dates.recompute_all()
