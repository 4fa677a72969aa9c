"""manage.py load_rules: load figures and holiday tables from the repository's rule files."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal import rule_files
from portal.rule_files import Verb


class Command(BaseCommand):
    help = "Load dated rules and holiday tables; a second run changes nothing, newer edits in the portal are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="rule files; default: all of portal/data/rules")

    def handle(self, *args: Any, **options: Any) -> None:
        words = {
            Verb.CREATED: _("新增"),
            Verb.UPDATED: _("更新"),
            Verb.REMOVED: _("删除"),
            Verb.KEPT: _("保留管理员的修改"),
            Verb.UNCHANGED: _("未变"),
        }
        try:
            changes = rule_files.load(options["files"] or None)
        except rule_files.BadRuleFile as error:
            raise CommandError(str(error)) from error
        if not options["verbosity"]:
            return
        for change in changes:
            if change.verb != Verb.UNCHANGED:
                fields = f" ({', '.join(change.fields)})" if change.fields else ""
                self.stdout.write(f"{words[change.verb]}: {change.what}{fields}")
        counts = Counter(change.verb for change in changes)
        self.stdout.write("; ".join(f"{word} {counts[verb]}" for verb, word in words.items()))
