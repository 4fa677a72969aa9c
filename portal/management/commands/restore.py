"""manage.py restore FILE: put everything back as an archive has it, or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import backups


class Command(BaseCommand):
    help = "从备份恢复 / restore an archive made by backup; every hash is checked before anything is touched"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--overwrite", action="store_true", help="replace what this database holds")
        parser.add_argument("--check", action="store_true", help="only check the archive")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, restore and say what came back."""
        try:
            if options["check"]:
                manifest = backups.verified(options["file"])
            else:
                manifest = backups.restore(options["file"], overwrite=options["overwrite"])
        except (backups.BackupError, OSError) as error:
            raise CommandError(f"没有恢复 / not restored: {error}") from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(f"{manifest['made_at']}: {rows} rows, {len(manifest['files'])} files")
