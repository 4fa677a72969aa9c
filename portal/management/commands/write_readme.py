"""Make the generated parts of README.md anew."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.readme import refresh


class Command(BaseCommand):
    help = "Write the permission matrix and the state diagram into README.md."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rewrite README.md in place."""
        path = settings.BASE_DIR / "README.md"
        path.write_text(refresh(path.read_text(encoding="utf-8")), encoding="utf-8")
