"""manage.py backup FILE: everything in one archive, while the portal goes on working."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import backups


class Command(BaseCommand):
    help = "备份全部数据和文件 / write every table and stored file into one archive"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the archive and say what is in it."""
        try:
            manifest = backups.backup(options["file"])
        except (backups.BackupError, OSError) as error:
            raise CommandError(f"没有备份 / not backed up: {error}") from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"{options['file']}: {len(manifest['tables'])} tables, {rows} rows, {len(manifest['files'])} files"
        )
