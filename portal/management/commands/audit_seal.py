"""manage.py audit_seal: seal the log's new rows together."""

from typing import Any

from django.core.management.base import BaseCommand

from portal import audit


class Command(BaseCommand):
    help = "封存新的操作记录 / seal the audit log's new rows"

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal and print the digest, which may be kept elsewhere as a proof."""
        anchor = audit.seal()
        if anchor is None:
            self.stdout.write("没有新记录 / nothing new")
        else:
            self.stdout.write(f"{anchor.event_count} rows up to #{anchor.last_event_id}: {anchor.digest}")
