"""Grades of rights in the table: regraded by one statement, explained in words, set by hand with a reason.

`grade_reasons` holds {"factor", "points"} rows, then {"grade", "score"} as computed, then {"manual", "reason", ...}.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from patents.grading import Advice, Factor, Points, advice
from patents.models import Flag, Grade, Right
from patents.models.rights import ALIVE, IN_FORCE
from patents.periods import add_months
from portal import audit, rules
from portal.clock import today
from portal.errors import RuleBroken
from portal.models import Secrecy, User
from portal.permissions import Permission, check

LICENCES = [Flag.EXCLUSIVE, Flag.SOLE, Flag.ORDINARY, Flag.OPEN]
WORDS = {
    Factor.CORE: _("核心专利"),
    Factor.IN_USE: _("在售产品使用"),
    Factor.HIGH_VALUE: _("高价值发明专利"),
    Factor.ABROAD: _("境外有同族权利"),
    Factor.LICENSED: _("已许可"),
    Factor.PLEDGED: _("已质押"),
    Factor.AWARD: _("获奖"),
    Factor.INVENTION: _("发明专利"),
    Factor.LONG_LIFE: _("剩余期限较长"),
}
ADVICE = {
    Advice.KEEP: _("建议保留"),
    Advice.LICENCE: _("建议许可或转让"),
    Advice.DROP: _("可以考虑放弃"),
}


def points() -> Points:
    """Return the weights as the rules stand now."""
    return Points(
        factors={factor: int(rules.value(f"grade.points.{factor}")) for factor in Factor},
        floors={grade: int(rules.value(f"grade.floor.{grade}")) for grade in "ABC"},
        long_life_years=int(rules.value("grade.long_life_years")),
    )


# --- one statement for all ------------------------------------------------------------------------------------------
# Where the register gives no last day, the term of the law is taken; what differs by filing day is left out.
TERM = "CASE r.kind WHEN 'invention' THEN %(invention_years)s WHEN 'utility_model' THEN %(model_years)s END"
TESTS = {
    Factor.CORE: "r.is_core",
    Factor.IN_USE: """EXISTS (SELECT 1 FROM patents_right_products l JOIN patents_product p ON p.id = l.product_id
        WHERE l.right_id = r.id AND p.is_active)""",
    Factor.HIGH_VALUE: "r.is_high_value",
    Factor.ABROAD: """EXISTS (SELECT 1 FROM patents_right m WHERE m.family_id = r.family_id AND m.id <> r.id
        AND m.country <> 'CN' AND m.status = ANY(%(in_force)s) AND m.secrecy <> %(named)s)""",
    Factor.LICENSED: "r.flags && %(licences)s::varchar[]",
    Factor.PLEDGED: "%(pledged)s = ANY(r.flags)",
    Factor.AWARD: "cardinality(r.awards) > 0",
    Factor.INVENTION: "r.kind = 'invention'",
    Factor.LONG_LIFE: f"""coalesce(r.expires_on,
        (r.filed_on + make_interval(years => {TERM}) - interval '1 day')::date) >= %(far)s""",
}


def _statement() -> str:
    """Return the statement: facts, points, grade, and an update of the rows that differ."""
    facts = ", ".join(f"coalesce({test}, false) AS {factor}" for factor, test in TESTS.items())
    score = " + ".join(f"f.{factor}::int * %(points_{factor})s" for factor in TESTS)
    reasons = ", ".join(
        f"CASE WHEN f.{factor} THEN jsonb_build_object('factor', '{factor}', 'points', %(points_{factor})s) END"
        for factor in TESTS
    )
    return f"""
    WITH facts AS (SELECT r.id, {facts} FROM patents_right r
      WHERE r.status = ANY(%(alive)s) AND (%(every)s OR r.id = %(id)s)),
    scored AS (SELECT f.id, {score} AS score, to_jsonb(array_remove(ARRAY[{reasons}], NULL)) AS reasons FROM facts f),
    graded AS (SELECT s.*, CASE WHEN score >= %(floor_A)s THEN 'A' WHEN score >= %(floor_B)s THEN 'B'
        WHEN score >= %(floor_C)s THEN 'C' ELSE 'D' END AS grade FROM scored s),
    wanted AS (
      SELECT r.id, CASE WHEN r.is_grade_manual THEN r.grade ELSE coalesce(g.grade, '') END AS grade,
        coalesce(g.reasons || jsonb_build_array(jsonb_build_object('grade', g.grade, 'score', g.score)), '[]'::jsonb)
          || jsonb_path_query_array(r.grade_reasons, '$[*] ? (exists(@.manual))') AS reasons
      FROM patents_right r LEFT JOIN graded g ON g.id = r.id WHERE %(every)s OR r.id = %(id)s)
    UPDATE patents_right r SET grade = w.grade, grade_reasons = w.reasons FROM wanted w
    WHERE w.id = r.id AND (r.grade, r.grade_reasons) IS DISTINCT FROM (w.grade::varchar, w.reasons)
    """  # noqa: S608 - the words of this module; every figure is a parameter


def regrade(on: dt.date | None = None, *, right: Right | None = None) -> int:
    """Grade all rights anew, or one, by one statement; return how many rows changed. A manual grade stays."""
    found = points()
    values: dict[str, Any] = {
        "alive": [str(one) for one in ALIVE], "in_force": [str(one) for one in IN_FORCE],
        "named": str(Secrecy.NAMED), "licences": [str(one) for one in LICENCES], "pledged": str(Flag.PLEDGED),
        "far": add_months(on or today(), 12 * found.long_life_years),
        "invention_years": int(rules.value("patent.term.invention")),
        "model_years": int(rules.value("patent.term.utility_model")),
        "every": right is None, "id": right.pk if right else 0,
        **{f"points_{factor}": count for factor, count in found.factors.items()},
        **{f"floor_{grade}": least for grade, least in found.floors.items()},
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_statement(), values)
        return int(cursor.rowcount)


# --- in words -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Explanation:
    """A grade as a page shows it: the computed one with its points, the manual one with its reason, the advice."""

    grade: str
    computed: str
    score: int
    reasons: list[tuple[Any, int]]
    manual: dict[str, Any] | None
    advice: Any

    @property
    def label(self) -> Any:
        return Grade(self.grade).label if self.grade else ""


def explain(right: Right) -> Explanation:
    """Return the grade of a right in words; no statement."""
    rows = right.grade_reasons or []
    factors = {row["factor"]: row["points"] for row in rows if "factor" in row}
    computed: dict[str, Any] = next((row for row in rows if "score" in row), {})
    manual = next((row for row in rows if "manual" in row), None)
    words = [(WORDS[Factor(factor)], count) for factor, count in factors.items()]
    suggestion = ADVICE[advice(right.grade, frozenset(factors))] if right.grade else ""
    return Explanation(right.grade, computed.get("grade", ""), computed.get("score", 0), words, manual, suggestion)


# --- what a person decides ------------------------------------------------------------------------------------------
@transaction.atomic
def set_manual(right: Right, *, grade: str, reason: str, by: User) -> Right:
    """Set a grade by hand, beside the computed one; "" gives the computed one back. Raises Denied, RuleBroken."""
    right = Right.objects.select_for_update().get(pk=right.pk)
    check(by, Permission.STEER_RIGHT, right)
    if grade and grade not in Grade.values:
        raise RuleBroken(_("分级只有 A、B、C、D。"), code="grade")
    if grade and not reason.strip():
        raise RuleBroken(_("人工分级要写明理由；系统算出的分级和理由仍然保留。"), code="no_reason")
    before = right.grade
    rows = [row for row in right.grade_reasons if "manual" not in row]
    if grade:
        rows.append({"manual": grade, "reason": reason.strip(), "by": by.name, "on": today().isoformat()})
    right.grade_reasons, right.is_grade_manual, right.grade = rows, bool(grade), grade
    right.save(update_fields=["grade", "grade_reasons", "is_grade_manual"])
    regrade(right=right)
    right.refresh_from_db(fields=["grade", "grade_reasons", "is_grade_manual"])
    told = reason.strip() if right.secrecy == Secrecy.OPEN else ""  # officials read the log
    data = {"from": before, "to": right.grade, "reason": told, "manual": bool(grade)}
    audit.record(right, "right.graded", by=by, data=data)
    return right


@transaction.atomic
def mark_core(right: Right, *, is_core: bool, by: User) -> Right:
    """Mark a right as core, or no longer; its grade follows. Raises Denied."""
    right = Right.objects.select_for_update().get(pk=right.pk)
    check(by, Permission.STEER_RIGHT, right)
    right.is_core = is_core
    right.save(update_fields=["is_core"])
    regrade(right=right)
    right.refresh_from_db(fields=["grade", "grade_reasons"])
    audit.record(right, "right.core", by=by, data={"is_core": is_core})
    return right
