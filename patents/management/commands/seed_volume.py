"""manage.py seed_volume --scale 0.1: the city data set for measuring. Refuses a live installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from patents import volume
from portal.models import Organisation


class Command(BaseCommand):
    help = "Fills the database with the city data set for measuring (invented rows; --scale 1 is two million rights)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=float, default=0.01)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("This is a live installation: invented rows do not belong here.")
        if not 0 < options["scale"] <= 1:
            raise CommandError("--scale must be above 0 and at most 1.")
        if Organisation.objects.filter(number__startswith="V000").exists():
            raise CommandError("The data set is here already. Use an empty database for another one.")
        volume.seed(options["scale"], say=self.stdout.write)
