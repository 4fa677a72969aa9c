"""The Celery app and the whole timetable: every recurring job stands in TIMETABLE."""

import os

from celery import Celery
from celery.schedules import crontab, schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# task -> (when, why). Each job is a sweep over rows: a missed run heals itself, a double run does no harm.
TIMETABLE: dict[str, tuple[schedule | crontab, str]] = {
    "portal.tasks.heartbeat": (schedule(10), "tells /readyz/ that worker and beat are alive"),
    "portal.tasks.deliver_mail": (schedule(15), "sends what waits in the outbox; a commit asks for it at once as well"),
    "portal.tasks.deliver_account_mail": (schedule(15), "sends links for accounts; a commit asks for it at once"),
    "portal.tasks.deliver_invitations": (schedule(30), "mails invitations to people without an account"),
    "portal.tasks.inspect_files": (schedule(20), "inspects what lies in quarantine; an upload asks for it at once"),
    "portal.tasks.run_reports": (schedule(20), "makes the reports that wait or whose worker died; a wish asks at once"),
    "portal.tasks.run_bulk": (schedule(20), "decides and releases in bulk, file by file; confirming asks at once"),
    "portal.tasks.make_papers": (schedule(30), "makes the files of letters and certificates; a decision asks at once"),
    "patents.tasks.run_imports": (schedule(20), "reads, checks and takes in imports; an upload asks for it at once"),
    "portal.tasks.remind": (schedule(60), "reminds of deadlines; their moments are at 08:30"),
    "portal.tasks.deliver_webhooks": (schedule(30), "calls the systems of enterprises; a reminder asks at once"),
    "portal.tasks.advance_cases": (schedule(300), "ends publicity, lapses corrections, expires recognitions"),
    "services.protection.tasks.publish_alerts": (
        schedule(30),
        "publishes alerts at their moment, closes those run out",
    ),
    "services.protection.tasks.deliver_alerts": (
        schedule(30),
        "tells of new editions; publishing asks at once as well",
    ),
    "services.protection.tasks.match_changed": (schedule(180), "changed rights, markets and watches meet valid alerts"),
    "services.protection.tasks.climb_ladders": (schedule(300), "reminds of serious alerts that nobody has read"),
    "portal.tasks.deliver_digests": (
        crontab(minute="*/10", hour="8-20"),
        "what gathered before 08:00",
    ),
    "portal.tasks.seal_log": (crontab(minute=7), "seals the log's new rows together"),
    "patents.tasks.revalue_rights": (crontab(minute=40, hour=2), "high-value flags, then the grades of all rights"),
    "patents.tasks.recompute_dates": (crontab(minute=10, hour=2), "the dates of all rights, by facts and rules"),
    "services.protection.tasks.follow_disputes": (
        crontab(minute=40, hour=4),
        "dates of disputes abroad follow the rules",
    ),
    "services.protection.tasks.match_everybody": (crontab(minute=10, hour=4), "everybody meets the alerts still valid"),
    "portal.tasks.count_figures": (
        crontab(minute=50, hour=4),
        "figures by district and month; closes months that are over",
    ),
    "portal.tasks.forget_keys": (crontab(minute=17, hour=3), "idempotency keys older than two days"),
    "portal.tasks.forget_account_mail": (crontab(minute=37, hour=3), "mail of accounts a week old"),
    "patents.tasks.forget_imports": (crontab(minute=37, hour=3), "files of imports that ended a month ago"),
    "portal.tasks.forget_reports": (crontab(minute=27, hour=3), "reports past their expiry, with their files"),
}


def entry(name: str, when: schedule | crontab) -> dict[str, object]:
    """Return beat's entry. A run not taken before the next is due is dropped: the next sweep does its work."""
    expires = 600 if isinstance(when, crontab) else when.seconds
    return {"task": name, "schedule": when, "options": {"expires": expires}}


app.conf.beat_schedule = {name: entry(name, when) for name, (when, _why) in TIMETABLE.items()}
