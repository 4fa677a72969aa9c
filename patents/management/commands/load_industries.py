"""manage.py load_industries: the full table of strategic emerging industries and IPC, in place of the sample."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from patents import industries
from portal import rules
from portal.clock import now, today
from portal.models import Rule, RuleStatus

CODE = "hv.industries"


class Command(BaseCommand):
    help = (
        "Load a JSON list of {code, name, name_en, ipc, excluded, keywords} as a new dated table. A source is needed: "
        "only a table with one makes patents count without a person's confirmation."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="where the table comes from")
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, default=None, help="first day in force")
        parser.add_argument(
            "--status", choices=[RuleStatus.VERIFIED, RuleStatus.SECONDARY], default=RuleStatus.SECONDARY
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            value = json.loads(options["file"].read_text(encoding="utf-8"))
            branches = industries.branches(value)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandError(f"{options['file'].name}: {error!r}") from error
        if not branches:
            raise CommandError(_("文件里没有产业。"))
        old = rules.row(CODE)
        rule = Rule(
            code=CODE, name=_("战略性新兴产业与国际专利分类参照关系"), name_en="Strategic emerging industries and IPC",
            value=value, basis=old.basis, source=options["source"], effective_from=options["first"] or today(),
            verified_on=today(), status=options["status"], edited_at=now(),
        )  # fmt: skip
        Rule.objects.filter(code=CODE, effective_from=rule.effective_from).delete()
        rule.full_clean()
        rule.save()
        transaction.on_commit(rules.forget)
        self.stdout.write(_("已装入 %(count)s 个产业分支") % {"count": len(branches)})
