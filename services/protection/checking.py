"""What must hold of an alert: every code known before it is saved, everything said in both languages before review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from patents.models import RightKind
from portal import formats
from portal.clock import today
from portal.errors import RuleBroken
from portal.models import StoredFile
from portal.tiles import DISTRICTS

from . import codes
from .models import AlertKind, AlertVersion, Join, Severity

MOST_CODES = 60
MOST_ROWS = 12
LONGEST_WORD = 40
LONGEST_CONFIRMATION = 30  # working days
SENTENCES: dict[str, Any] = {
    "countries": _("没有“%(text)s”这个国家或地区代码。请填两位字母代码，例如 US、DE。"),
    "ipc": _("“%(text)s”不是 IPC 分类。可以写到部、大类、小类、大组或小组，例如 G、G01、G01L、G01L 9/*、G01L 9/12。"),
    "nice": _("“%(text)s”不是尼斯分类的类别。请填 1 到 45 的数字。"),
    "industries": _("“%(text)s”不是国民经济行业分类（GB/T 4754）的代码。请填 2 到 4 位数字，例如 39、3983。"),
    "districts": _("没有“%(text)s”这个区。"),
    "right_kinds": _("没有“%(text)s”这种权利类型。"),
}
CODES = frozenset(district.code for district in DISTRICTS)
READ: dict[str, Callable[[str], Any]] = {
    "countries": codes.country,
    "ipc": codes.ipc,
    "nice": codes.nice,
    "industries": codes.industry,
}


def sentence(name: str, text: object) -> str:
    """Return what to say of a text that is no code of that column."""
    return str(SENTENCES[name] % {"text": text})


def require_sound(values: Mapping[str, Any]) -> None:
    """Raise RuleBroken with a sentence for the first thing that cannot be saved, however unfinished the text is."""
    if not str(values.get("title", "")).strip():
        raise RuleBroken(_("请填写标题。"), code="title_missing")
    for name, read in READ.items():
        _require_known(name, values.get(name) or [], read)
    _require_among("districts", values.get("districts") or [], CODES)
    _require_among("right_kinds", values.get("right_kinds") or [], frozenset(RightKind.values))
    _require_choices(values)
    words = values.get("keywords") or []
    if any(not word.strip() or len(word) > LONGEST_WORD for word in words):
        raise RuleBroken(_("每个关键词最多 %(limit)s 个字。") % {"limit": LONGEST_WORD}, code="keywords")
    _require_period(values.get("valid_from"), values.get("valid_to"))
    _require_rows(values)


def _require_known(name: str, kept: list[Any], read: Callable[[str], Any]) -> None:
    if len(kept) > MOST_CODES:
        raise RuleBroken(_("一项条件最多填 %(limit)s 个。") % {"limit": MOST_CODES}, code=name)
    for code in kept:
        try:
            is_kept = read(str(code)) == code
        except codes.Unknown:
            is_kept = False
        if not is_kept:
            raise RuleBroken(sentence(name, code), code=name)


def _require_among(name: str, kept: list[str], known: frozenset[str]) -> None:
    for code in kept:
        if code not in known:
            raise RuleBroken(sentence(name, code), code=name)


def _require_choices(values: Mapping[str, Any]) -> None:
    for name, choices in (("kind", AlertKind), ("severity", Severity), ("join", Join)):
        if name in values and values[name] not in choices.values:
            raise RuleBroken(_("没有这个选项：%(text)s") % {"text": values[name]}, code=name)
    if not 0 <= int(values.get("confirm_days") or 0) <= LONGEST_CONFIRMATION:
        words = _("确认期限最多 %(limit)s 个工作日。")
        raise RuleBroken(words % {"limit": LONGEST_CONFIRMATION}, code="confirm_days")


def _require_period(first: dt.date | None, last: dt.date | None) -> None:
    if first and last and last < first:
        raise RuleBroken(_("有效期的截止日不能早于开始日。"), code="valid_to")


def _require_rows(values: Mapping[str, Any]) -> None:
    checklist, sources = values.get("checklist") or [], values.get("sources") or []
    if len(checklist) > MOST_ROWS or len(sources) > MOST_ROWS:
        raise RuleBroken(_("建议做的事和来源各最多 %(limit)s 条。") % {"limit": MOST_ROWS}, code="too_many_rows")
    for row in sources:
        if row.get("url"):
            require_address(row["url"])


def require_address(url: str) -> None:
    """Raise RuleBroken unless it is the address of a public page."""
    try:
        URLValidator(schemes=["https", "http"])(url)
    except Exception as error:
        raise RuleBroken(_("来源网址“%(url)s”不完整。请从 https:// 开始填写。") % {"url": url}, code="url") from error


def problems(version: AlertVersion) -> list[object]:
    """Return what must be mended before it may go to review, as sentences; nothing where it is whole."""
    faults: list[object] = [*_faults_of_texts(version), *_faults_of_rows(version)]
    if version.is_serious and not version.confirm_days:
        faults.append(_("预警级别须要求企业确认：请填写确认期限"))
    if version.valid_to and version.valid_to < today():
        faults.append(_("有效期在 %(day)s 已经结束") % {"day": formats.day(version.valid_to)})
    if version.needs_market and not version.countries:
        faults.append(_("要求登记所选出口市场时，须选择国家或地区"))
    return [*faults, *_faults_of_files(version)]


def _faults_of_texts(version: AlertVersion) -> list[object]:
    faults: list[object] = []
    for name in ("title", "summary", "body", "change_note"):
        if name == "change_note" and version.edition == 1:
            continue
        label = AlertVersion._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        zh, en = getattr(version, name).strip(), getattr(version, f"{name}_en").strip()
        if name != "body" and not zh:
            faults.append(_("还没有填写：%(what)s") % {"what": label})
        if bool(zh) != bool(en) and (zh or name == "body"):
            faults.append(_("要有中英文两种文字：%(what)s") % {"what": label})
    return faults


def _faults_of_rows(version: AlertVersion) -> list[object]:
    faults: list[object] = []
    if not version.sources:
        faults.append(_("至少写一个来源"))
    for number, row in enumerate(version.checklist, start=1):
        if not (row.get("zh", "").strip() and row.get("en", "").strip()):
            faults.append(_("建议做的事第 %(number)s 条要有中英文两种文字") % {"number": number})
    return faults


def _faults_of_files(version: AlertVersion) -> list[object]:
    faults: list[object] = []
    for file in version.attachments.exclude(status=StoredFile.Status.CLEAN).order_by("pk"):
        if file.status == StoredFile.Status.QUARANTINED:
            faults.append(_("附件“%(name)s”还在做安全检查，通常不到一分钟") % {"name": file.name})
        else:
            faults.append(_("附件“%(name)s”没有通过安全检查，请移除") % {"name": file.name})
    return faults
