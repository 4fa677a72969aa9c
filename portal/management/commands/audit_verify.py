"""manage.py audit_verify: prove that the log is whole, or name every broken row and end with status 1."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal import audit
from portal.models import AuditAnchor, AuditEvent


class Command(BaseCommand):
    help = "检查操作记录是否完整 / prove that the audit log is whole; status 1 and the broken rows otherwise"

    def handle(self, *args: Any, **options: Any) -> None:
        """Say each broken row; the number of rows and seals in the end."""
        faults = 0
        for broken in audit.verify():
            faults += 1
            row = AuditEvent.objects.filter(pk=broken.event_id).first()
            self.stderr.write(f"#{broken.event_id} {row or ''}: {broken.why}")
        rows, seals = AuditEvent.objects.count(), AuditAnchor.objects.count()
        if faults:
            self.stderr.write(f"{faults} 处不符 / faults in {rows} rows, {seals} seals")
            sys.exit(1)
        self.stdout.write(f"完整 / whole: {rows} rows, {seals} seals")
