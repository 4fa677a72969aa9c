"""Opening a call: create, change while it is a draft, publish, clone. A published call never changes.

A call belongs to whoever runs its kind: the city, or the district whose programme it is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import audit, kinds, questionnaires
from portal.clock import now, today
from portal.errors import RuleBroken
from portal.formats import clock_time, day, listed, strung
from portal.letters import faults as letter_faults
from portal.makers import Place, check_maker, check_publisher
from portal.models import DECIDING, Call, District, Questionnaire, Stage, User
from portal.permissions import Permission, check
from portal.procedures import clocks
from portal.programmes import check_stages

PREFIX = "PC"
FULL_MARKS = 100
COLUMNS = (
    "kind", "year", "title_zh", "title_en", "summary_zh", "summary_en", "questionnaire", "district", "opens_at",
    "closes_at", "quota", "stages", "criteria", "limits", "tolerance", "experts_needed", "pass_mark",
    "publicity_days", "corrections_allowed", "validity_months", "is_sample", "needs_countersign", "is_embargoed",
    "letters",
)  # fmt: skip
PLAIN_COLUMNS = (
    "year", "title_zh", "title_en", "summary_zh", "summary_en", "questionnaire", "district", "opens_at", "closes_at",
    "quota", "tolerance", "experts_needed", "pass_mark", "publicity_days", "corrections_allowed", "validity_months",
    "is_sample",
)  # fmt: skip


@transaction.atomic
def create(values: dict[str, Any], *, by: User) -> Call:
    """Begin a draft call. `values` are columns of Call as named in COLUMNS. Raises Denied, RuleBroken."""
    values = _belonging(values)
    check_maker(by, Place(values["host_id"]))
    _require_sound(values)
    call = Call.objects.create(
        number=clocks.next_number(PREFIX, today().year), created_at=now(), created_by=by, **_columns(values)
    )
    audit.record(call, "call.created", by=by, data={"title": call.title_zh})
    return call


@transaction.atomic
def change(call: Call, values: dict[str, Any], *, revision: int | None = None, by: User) -> Call:
    """Change a draft call. Raises Denied, RuleBroken once it is published or when somebody else changed it.

    `revision` is the one the person saw; None where the caller has no page that could be old.
    """
    call = _locked(call)
    values = _belonging(values)
    check_maker(by, call)
    check_maker(by, Place(values["host_id"]))
    _require_draft(call)
    _require_seen(call, revision)
    _require_sound(values)
    changed = {name: value for name, value in _columns(values).items() if getattr(call, name) != value}
    for name, value in changed.items():
        setattr(call, name, value)
    call.revision += 1
    call.changed_at, call.changed_by = now(), by
    call.save(update_fields=[*changed, "revision", "changed_at", "changed_by"])
    audit.record(call, "call.changed", by=by, data={"columns": sorted(changed)})
    return call


@transaction.atomic
def publish(call: Call, *, by: User) -> Call:
    """Publish a call: from its opening on enterprises may apply. Raises RuleBroken with what must be mended first."""
    call = _locked(call)
    check_publisher(by, call)
    _require_draft(call)
    faults = problems(call)
    if faults:
        raise RuleBroken(_("还不能发布：%(faults)s") % {"faults": strung(faults)}, code="incomplete")
    call.published_at, call.published_by = now(), by
    call.save(update_fields=["published_at", "published_by"])
    audit.record(call, "call.published", by=by, data={"title": call.title_zh})
    return call


@transaction.atomic
def change_outcome(
    call: Call, *, needs_countersign: bool, is_embargoed: bool, letters: dict[str, Any], by: User
) -> Call:
    """Set how the call's decisions go out: second person, common release, texts of the letters (see portal.letters).

    Possible until the first decision of the call, so that all its enterprises are treated alike. Raises Denied,
    RuleBroken.
    """
    call = _locked(call)
    check(by, Permission.MANAGE_CALLS)
    if is_settled(call):
        raise RuleBroken(_("本批次已经有决定，决定方式和决定书文字不能再改。"), code="wrong_state")
    faults = letter_faults(letters)
    if faults:
        raise RuleBroken(faults[0][1], code="letters")
    values = {"needs_countersign": needs_countersign, "is_embargoed": is_embargoed, "letters": letters}
    for name, value in values.items():
        setattr(call, name, value)
    call.save(update_fields=list(values))
    audit.record(call, "call.outcome_changed", by=by, data=values)
    return call


def is_settled(call: Call) -> bool:
    """Return whether a case of the call was decided, be it in force or held."""
    cases = call.applications.filter(stage__in=DECIDING)
    return cases.filter(decided_at__isnull=False).exists() or cases.filter(held_decisions__state="held").exists()


@transaction.atomic
def clone(call: Call, *, by: User) -> Call:
    """Make next year's draft from a call: its window a year later, its questionnaire the newest, all else the same.

    Raises Denied, and RuleBroken where the programme has been retired meanwhile.
    """
    values = {name: getattr(call, name) for name in COLUMNS}
    values |= {
        "year": call.year + 1,
        "opens_at": _a_year_later(call.opens_at),
        "closes_at": _a_year_later(call.closes_at),
        "questionnaire": _latest(call.questionnaire),
    }
    copy = create(values, by=by)
    audit.record(copy, "call.cloned", by=by, data={"from": call.number})
    return copy


def before(call: Call) -> Call | None:
    """Return the call of the same kind before this one."""
    rows = Call.objects.published().filter(kind=call.kind, opens_at__lt=call.opens_at).exclude(pk=call.pk)
    return rows.select_related("questionnaire", "district").order_by("-opens_at", "-id").first()


@dataclass(frozen=True)
class Change:
    """One thing that differs between two calls, in words."""

    label: object
    old: str
    new: str


def differences(old: Call, new: Call) -> list[Change]:
    """Return what differs in what governs two calls: columns, limits by stage, criteria by name."""
    columns: dict[str, Any] = {name: Call._meta.get_field(name) for name in PLAIN_COLUMNS}
    labels = {name: column.verbose_name for name, column in columns.items()}
    pairs: list[Any] = [
        (label, _words(getattr(old, name)), _words(getattr(new, name))) for name, label in labels.items()
    ]
    pairs.append((_("审核阶段"), _stage_words(old), _stage_words(new)))
    for name in sorted({*old.limits, *new.limits}):
        label = _("时限：%(stage)s（工作日）") % {"stage": dict(Stage.choices).get(name, name)}
        pairs.append((label, _words(old.limits.get(name)), _words(new.limits.get(name))))
    marks = [{row["key"]: row for row in call.criteria} for call in (old, new)]
    for key in {**marks[0], **marks[1]}:
        label = _("评分标准：%(name)s") % {"name": questionnaires.text((marks[1].get(key) or marks[0][key])["label"])}
        pairs.append((label, *(_words(rows[key]["max"] if key in rows else None) for rows in marks)))
    return [Change(label, was, now_) for label, was, now_ in pairs if was != now_]


def _words(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, dt.datetime):
        return day(value)
    return f"{value:g}" if isinstance(value, Decimal | float) else str(value)


def _stage_words(call: Call) -> str:
    return listed(str(Stage(name).label) for name in call.stages)


def problems(call: Call) -> list[object]:
    """Return what must be mended before publishing: texts in both languages, criteria, window, questionnaire."""
    faults: list[object] = []
    if not call.title_en.strip() or bool(call.summary_zh.strip()) != bool(call.summary_en.strip()):
        faults.append(_("标题和说明要有中英文两种文字"))
    if call.questionnaire.status != Questionnaire.Status.PUBLISHED:
        faults.append(_("所用的问卷版本还没有发布"))
    if call.closes_at <= now():
        faults.append(_("申报截止时间已经过去"))
    kind = kinds.find(call.kind)
    if kind is None or not kind.is_open:
        faults.append(_("所属项目已停用"))
    if Stage.SCORE in call.stages:
        faults += _faults_of_criteria(call)
    return faults


def _faults_of_criteria(call: Call) -> list[object]:
    faults: list[object] = []
    total = sum(Decimal(str(row["max"])) for row in call.criteria)
    if total != FULL_MARKS:
        faults.append(_("评分标准合计应为 100 分，现在是 %(total)s 分") % {"total": f"{total:g}"})
    for row in call.criteria:
        if not all(str(row["label"].get(language, "")).strip() for language in ("zh", "en")):
            faults.append(_("评分标准“%(name)s”缺少一种文字") % {"name": questionnaires.text(row["label"])})
    return faults


def _locked(call: Call) -> Call:
    return Call.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=call.pk)


def _require_draft(call: Call) -> None:
    if call.published_at is not None:
        words = _("批次 %(number)s 已由 %(who)s 发布，不能再改。可以复制为新批次。")
        raise RuleBroken(words % {"number": call.number, "who": call.published_by}, code="wrong_state")


def _require_sound(values: dict[str, Any]) -> None:
    if values["closes_at"] <= values["opens_at"]:
        raise RuleBroken(_("截止日不能早于开始日。"), code="window")
    kind = kinds.find(values["kind"])
    if kind is None:
        raise RuleBroken(_("没有这个事项。"), code="unknown_kind")
    if not kind.is_open:
        raise RuleBroken(_("项目“%(title)s”已停用，不能再开新批次。") % {"title": kind.title}, code="retired")
    check_stages(values["stages"], host_id=kind.host or None)
    if values["questionnaire"].host_id not in (None, kind.host or None):
        raise RuleBroken(_("问卷属于别的区，请先复制为本区的问卷。"), code="other_district")


def _require_seen(call: Call, revision: int | None) -> None:
    if revision is not None and revision != call.revision:
        words = _("%(who)s 在 %(time)s 修改了这个批次，您的修改还没有保存。请核对后再保存。")
        values = {"who": call.changed_by, "time": clock_time(call.changed_at)}
        raise RuleBroken(words % values, code="edited_meanwhile")


def _belonging(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with who runs the call; a district's programme is for the district's enterprises."""
    kind = kinds.find(values["kind"])
    host = (kind.host if kind else "") or None
    place = {"district": District.objects.get(pk=host)} if host else {}
    return {**values, **place, "host_id": host}


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in (*COLUMNS, "host_id") if name in values}


def _a_year_later(moment: dt.datetime) -> dt.datetime:
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:  # 29 February
        return moment.replace(year=moment.year + 1, day=28)


def _latest(questionnaire: Questionnaire) -> Questionnaire:
    rows = Questionnaire.objects.published().filter(code=questionnaire.code)
    return rows.order_by("-version").first() or questionnaire
