"""manage.py load_registry FILE: bring a business-registry CSV in, errors row by row in a report."""

import csv
from collections import Counter
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal import registry
from portal.formats import labelled
from portal.registry_rows import Problem, UnreadableFile

SHOWN = 20  # problems on the screen; all of them are in the report
FORMULA = tuple("=+-@\t\r＝＋－＠")


class Command(BaseCommand):
    help = "Load a business-registry CSV (UTF-8 or GB18030): good rows are upserted, the others refused one by one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--report", type=Path, help="where the errors go; default: imports/ in the portal's folder")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path, started = options["file"], monotonic()
        try:
            outcome = registry.load(path, dry_run=options["dry_run"])
        except OSError as error:
            raise CommandError(_("打不开文件：%(why)s") % {"why": error.strerror}) from error
        except UnreadableFile as error:
            raise CommandError(str(registry.REASONS[error.reason])) from error
        except registry.DistrictsMissing as error:
            raise CommandError(_("数据库里没有这些区，请先运行 migrate：%(codes)s") % {"codes": error}) from error
        self._summary(outcome, monotonic() - started, is_dry=options["dry_run"])
        problems = sorted(outcome.refused + outcome.remarks, key=lambda found: found[0])
        if problems:
            report = options["report"] or settings.VAR_DIR / "imports" / f"{path.stem}-problems.csv"
            write_report(report, problems)
            for number, problem in problems[:SHOWN]:
                self.stdout.write(f"  {line(number, problem)}")
            self.stdout.write(_("共 %(n)s 条问题，逐条写入 %(report)s") % {"n": len(problems), "report": report})
        if outcome.read and outcome.refused_rows == outcome.read:
            raise CommandError(_("没有一行可以装入。"))

    def _summary(self, outcome: registry.Outcome, seconds: float, *, is_dry: bool) -> None:
        if is_dry:
            self.stdout.write(_("试运行，未作任何改动。"))
        elif not outcome.created and not outcome.updated:
            self.stdout.write(_("没有变化。"))
        counts = {
            "read": outcome.read,
            "created": outcome.created,
            "updated": outcome.updated,
            "unchanged": outcome.unchanged,
            "repeated": outcome.repeated,
            "refused": outcome.refused_rows,
        }
        text = _(
            "读取 %(read)s 行：新增 %(created)s，更新 %(updated)s，未变 %(unchanged)s，"
            "重复 %(repeated)s，拒绝 %(refused)s"
        )
        self.stdout.write(f"{text % counts} ({seconds:.1f} s)")
        for problem, times in Counter(problem.reason for _number, problem in outcome.refused).most_common():
            self.stdout.write(f"  {registry.REASONS[problem]}: {times}")


def line(number: int, problem: Problem) -> str:
    """Return one problem as a line for people."""
    place = _("第 %(row)s 行") % {"row": number}
    column = _("，列“%(column)s”") % {"column": problem.column} if problem.column else ""
    return labelled(f"{place}{column}", registry.REASONS[problem.reason])


def write_report(path: Path, problems: list[tuple[int, Problem]]) -> None:
    """Write all problems as CSV that spreadsheets open right; a header of the file can never become a formula."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_("行"), _("列"), _("代码"), _("原因")])
        for number, problem in problems:
            column = f"'{problem.column}" if problem.column.startswith(FORMULA) else problem.column
            writer.writerow([number, column, problem.reason, registry.REASONS[problem.reason]])
