"""`manage.py compile_translations`: .po to .mo without gettext."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal import translations


class Command(BaseCommand):
    help = "Compile the translations in LOCALE_PATHS."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        written = translations.compile_all([Path(folder) for folder in settings.LOCALE_PATHS])
        self.stdout.write(f"{written} compiled")
