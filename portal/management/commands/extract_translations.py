"""`manage.py extract_translations`: bring locale/en up to date with the Chinese source strings, without gettext."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal import translations

ROOTS = ("portal", "enterprises", "patents", "finance", "services", "templates")


class Command(BaseCommand):
    help = "Collect the texts to translate from code and templates into locale/en/LC_MESSAGES/django.po."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        target = settings.LOCALE_PATHS[0] / "en" / "LC_MESSAGES" / "django.po"
        missing, total = translations.update(target, settings.BASE_DIR, ROOTS)
        self.stdout.write(f"{target.relative_to(settings.BASE_DIR)}: {total} texts, {missing} without translation")
