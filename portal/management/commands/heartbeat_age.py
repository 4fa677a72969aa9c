"""`manage.py heartbeat_age --at-most 60`: has the worker run beat's heartbeat lately? For the container of beat."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import health


class Command(BaseCommand):
    help = "Fail when the last heartbeat (sent by beat, recorded by a worker) is too old."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at-most", type=float, default=health.HEARTBEAT_MAX_AGE, help="seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        age = health.heartbeat_age()
        if age is None:
            raise CommandError("no heartbeat yet")
        if age > options["at_most"]:
            raise CommandError(f"the last heartbeat is {age:.0f} s old")
        self.stdout.write(f"{age:.0f} s")
