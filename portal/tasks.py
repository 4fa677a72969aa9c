"""Celery shells: each names one action and nothing more. When they run stands in `portal.celery.TIMETABLE`."""

from celery import shared_task

from portal import (
    account_mail,
    audit,
    bulk,
    coordination,
    counting,
    deadlines,
    files,
    health,
    idempotency,
    invitations,
    issuing,
    outbox,
    procedures,
    reminding,
    reports,
    webhooks,
)


@shared_task
def heartbeat() -> None:
    """Record that a worker is alive."""
    health.beat()


@shared_task
def deliver_mail() -> int:
    """Send what waits in the outbox."""
    return outbox.deliver()


@shared_task
def deliver_account_mail() -> int:
    """Send the mail of accounts: confirm an address, forgotten password."""
    return account_mail.deliver()


@shared_task
def deliver_invitations() -> int:
    """Mail the invitations to people without an account."""
    return invitations.deliver()


@shared_task
def deliver_digests() -> int:
    """Send the daily digests that are due."""
    return outbox.deliver_digests()


@shared_task
def remind() -> int:
    """Remind of deadlines whose moment has come."""
    return deadlines.sweep() + reminding.sweep() + coordination.sweep()


@shared_task
def deliver_webhooks() -> int:
    """Call the systems of enterprises that are to be told."""
    return webhooks.deliver()


@shared_task
def count_figures() -> int:
    """Keep the figures of districts and city by month."""
    return counting.run()


@shared_task
def advance_cases() -> dict[str, int]:
    """Do what time alone does to cases: end publicity, lapse corrections, expire recognitions."""
    return procedures.sweep()


@shared_task
def inspect_files() -> int:
    """Inspect what lies in quarantine."""
    return files.sweep_inspections()


@shared_task
def run_reports() -> int:
    """Make the reports that wait, or whose worker died."""
    return reports.sweep()


@shared_task
def run_bulk() -> int:
    """Decide and release what bulk decisions wait for, file by file."""
    return bulk.sweep()


@shared_task
def make_papers() -> int:
    """Make the files of letters and certificates that are due."""
    return issuing.sweep()


@shared_task
def forget_reports() -> int:
    """Delete the files of expired reports."""
    return reports.forget_old()


@shared_task
def seal_log() -> int:
    """Seal the log's new rows together; return how many."""
    anchor = audit.seal()
    return anchor.event_count if anchor else 0


@shared_task
def forget_keys() -> int:
    """Delete old idempotency keys."""
    return idempotency.forget_old()


@shared_task
def forget_account_mail() -> int:
    """Delete old rows of the mail of accounts."""
    return account_mail.forget_old()
