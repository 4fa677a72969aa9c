"""`manage.py run`: the whole portal on one's own machine. `manage.py run --stop` ends it from another terminal."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import embedded, supervision


class Command(BaseCommand):
    help = "Prepare and run the portal on this machine: database, Valkey, web, worker, beat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stop", action="store_true", help="stop what runs")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("`run` is for one's own machine; in production each process has its own command.")
        if options["stop"]:
            supervision.stop()
            embedded.stop(settings.VAR_DIR)
            return
        self.stdout.reconfigure(line_buffering=True)
        status = supervision.run(self.stdout.write)
        if status:
            sys.exit(status)
