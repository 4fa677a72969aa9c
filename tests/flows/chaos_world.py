"""Run as a program in an installation of its own: `prepare N` makes a small world, `report` tells what became of it."""

import json
import sys
from collections import Counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after setup

from portal import audit, tokens  # noqa: E402
from portal.models import Application, AuditEvent, Message, Notification, ReportRun  # noqa: E402
from tests.factories import cases, people  # noqa: E402


def prepare(count: int) -> dict[str, object]:
    """Make `count` enterprises with a case in verification each; return their tokens and case numbers."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_rules", verbosity=0)
    officer = people.post(people.make_user("顾明之"), "minhang", "officer")
    call, made = cases.make_call(), []
    for _turn in range(count):
        organisation = people.make_organisation()
        owner = people.join(people.make_user(), organisation)
        application = cases.in_review(organisation, owner, officer, call)
        _row, token = tokens.create(owner, label="chaos", scopes=["read", "write"])
        made.append({"token": token, "number": application.number})
    Notification.objects.all().update(mail_status=Notification.Mail.NOT_WANTED)
    return {"people": made}


def report() -> dict[str, object]:
    """Count what is there: messages by text, notices of messages by status and key, faults of the log."""
    notices = Notification.objects.filter(template="message_to_office")
    return {
        "messages": Counter(Message.objects.values_list("text", flat=True)),
        "notices": notices.count(),
        "keys": len(set(notices.values_list("key", "recipient"))),
        "status": Counter(notices.values_list("mail_status", flat=True)),
        "ids": list(notices.values_list("number", flat=True)),
        "audited": AuditEvent.objects.filter(action="application.message").count(),
        "faults": [fault.event_id for fault in audit.verify()],
        "reports": Counter(ReportRun.objects.values_list("status", flat=True)),
        "applications": Application.objects.count(),
    }


if __name__ == "__main__":
    found = prepare(int(sys.argv[2])) if sys.argv[1] == "prepare" else report()
    sys.stdout.write("\n" + json.dumps(found, ensure_ascii=False))
