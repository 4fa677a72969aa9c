"""Fill an empty database with the demo: invented enterprises, people and cases, made through the real actions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from enterprises.demo import seed
from portal import counting, demo
from portal.models import User


class Command(BaseCommand):
    help = "Fill an empty database with invented demo data (示例) and set the demo mark."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a database in which somebody already lives."""
        if User.objects.exists():
            raise CommandError("This database already has users. Demo data goes into an empty database only.")
        counts = seed(say=self.stdout.write)
        for step in demo.steps():
            with transaction.atomic():
                counts |= step(self.stdout.write)
        counts["figures"] = counting.run()  # last: what the steps above made is counted
        self.stdout.write("，".join(f"{name} {count}" for name, count in counts.items()))
