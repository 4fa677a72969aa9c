"""Programmes as data: make, change, activate and retire one; each in use is a kind beside those written in code."""

from __future__ import annotations

import functools
from typing import Any

from django.db import transaction
from django.utils.functional import lazystr
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal import audit, kinds
from portal.clock import now
from portal.errors import RuleBroken
from portal.formats import clock_time
from portal.kinds import Finding, Kind
from portal.makers import check_maker
from portal.models import DECIDING, Call, Organisation, Programme, Sequence, Stage, User

COLUMNS = (
    "code", "title_zh", "title_en", "clause", "prefix", "certificate_prefix", "certificate_title_zh",
    "certificate_title_en", "stages", "eligibility", "is_sample",
)  # fmt: skip
FIXED = ("code", "prefix", "certificate_prefix")  # stand in numbers and addresses once the programme is in use


class _Bilingual:
    """Words that follow the language of the request."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") and self.en else self.zh


def kind_of(programme: Programme) -> Kind:
    """Return a programme as the kind it is."""
    return Kind(
        code=programme.code,
        prefix=programme.prefix,
        title=lazystr(_Bilingual(programme.title_zh, programme.title_en)),
        clause=programme.clause,
        certificate_prefix=programme.certificate_prefix,
        certificate_title=lazystr(_Bilingual(programme.certificate_title_zh, programme.certificate_title_en)),
        eligibility=functools.partial(findings, programme.eligibility),
        prefill=kinds.prefill,
        host=programme.host_id or "",
        stages=tuple(programme.stages),
        is_open=programme.status == Programme.Status.ACTIVE,
    )


def all_kinds() -> dict[str, Kind]:
    """Return every programme that is or was in use as a kind, in one query."""
    return {row.code: kind_of(row) for row in Programme.objects.known()}


def register() -> None:
    """Tell the portal where the kinds made in the browser are kept."""
    kinds.register_source(all_kinds)


def findings(chosen: list[dict[str, Any]], organisation: Organisation) -> list[Finding]:
    """Return the verdicts of the chosen rules; one whose workstream is not installed any more is "not known"."""
    rules, found = kinds.rules(), []
    for line in chosen:
        rule = rules.get(line["rule"])
        if rule is None:
            found.append(Finding(line["rule"], None, line["rule"], "—", blocks=False))
        else:
            found.append(rule.find(organisation, line.get("values", {})))
    return found


@transaction.atomic
def create(values: dict[str, Any], *, host: Any, by: User) -> Programme:
    """Begin a draft for the city (host None) or a district. Raises Denied, RuleBroken."""
    programme = Programme(host=host, created_by=by, changed_by=by, created_at=now(), changed_at=now(), **values)
    check_maker(by, programme)
    _require_sound(programme)
    programme.save(force_insert=True)
    audit.record(_subject(programme), "programme.created", by=by, data={"title": programme.title_zh})
    return programme


@transaction.atomic
def change(programme: Programme, values: dict[str, Any], *, revision: int, by: User) -> Programme:
    """Change what a programme is, until its first call is published. `revision` is the one the person saw.

    Raises Denied, RuleBroken where somebody else changed it meanwhile or a call of it is published.
    """
    programme = _locked(programme)
    check_maker(by, programme)
    _require_seen(programme, revision)
    _require_free(programme)
    changed = sorted(name for name in COLUMNS if name in values and getattr(programme, name) != values[name])
    fixed = [name for name in changed if name in FIXED and programme.status != Programme.Status.DRAFT]
    if fixed:
        raise RuleBroken(_("启用后代码和编号字头不能再改。"), code="fixed")
    for name in changed:
        setattr(programme, name, values[name])
    _require_sound(programme)
    programme.revision += 1
    programme.changed_at, programme.changed_by = now(), by
    programme.save(update_fields=[*changed, "revision", "changed_at", "changed_by"])
    audit.record(_subject(programme), "programme.changed", by=by, data={"columns": changed})
    kinds.forget()
    return programme


@transaction.atomic
def activate(programme: Programme, *, by: User) -> Programme:
    """Put a draft to use: from now on calls can be made for it. Raises Denied, RuleBroken."""
    programme = _locked(programme)
    check_maker(by, programme)
    if programme.status != Programme.Status.DRAFT:
        raise RuleBroken(_already(programme), code="wrong_state")
    faults = problems(programme)
    if faults:
        raise RuleBroken(_("还不能启用：%(fault)s") % {"fault": faults[0]}, code="incomplete")
    programme.status = Programme.Status.ACTIVE
    programme.activated_at, programme.activated_by = now(), by
    programme.save(update_fields=["status", "activated_at", "activated_by"])
    audit.record(_subject(programme), "programme.activated", by=by)
    kinds.forget()
    return programme


@transaction.atomic
def retire(programme: Programme, *, by: User) -> Programme:
    """End a programme: no new calls; what runs goes on, its cases and certificates keep their names."""
    programme = _locked(programme)
    check_maker(by, programme)
    if programme.status != Programme.Status.ACTIVE:
        raise RuleBroken(_already(programme), code="wrong_state")
    programme.status = Programme.Status.RETIRED
    programme.retired_at, programme.retired_by = now(), by
    programme.save(update_fields=["status", "retired_at", "retired_by"])
    audit.record(_subject(programme), "programme.retired", by=by)
    kinds.forget()
    return programme


def problems(programme: Programme) -> list[object]:
    """Return what must be mended before a programme is put to use."""
    faults: list[object] = []
    texts = (programme.title_zh, programme.title_en, programme.certificate_title_zh, programme.certificate_title_en)
    if not all(words.strip() for words in texts):
        faults.append(_("名称和证书名称要有中英文两种文字。"))
    if not programme.eligibility:
        faults.append(_("还没有选择申报条件。"))
    return faults


def is_locked(programme: Programme) -> bool:
    """Return whether a published call stands on the programme as it is."""
    return Call.objects.published().filter(kind=programme.code).exists()


def _require_sound(programme: Programme) -> None:
    """Codes and prefixes name cases and certificates for ever: each is used once."""
    others = kinds.coded()
    rows = Programme.objects.exclude(pk=programme.pk)
    if programme.code in {kind.code for kind in others} or rows.filter(code=programme.code).exists():
        raise RuleBroken(_("代码 %(code)s 已被使用。") % {"code": programme.code}, code="code_taken")
    wanted = {programme.prefix, programme.certificate_prefix}
    taken = {kind.prefix for kind in others} | {kind.certificate_prefix for kind in others}
    taken |= {name for pair in rows.values_list("prefix", "certificate_prefix") for name in pair}
    if programme.status == Programme.Status.DRAFT:
        taken |= set(Sequence.objects.filter(prefix__in=wanted).values_list("prefix", flat=True))
    clash = sorted(wanted & taken) or ([programme.prefix] if len(wanted) == 1 else [])
    if clash:
        raise RuleBroken(_("编号字头 %(prefix)s 已被使用。") % {"prefix": clash[0]}, code="prefix_taken")
    check_stages(programme.stages, host_id=programme.host_id)


def check_stages(stages: list[str], *, host_id: str | None) -> None:
    """Raise RuleBroken unless the last stage decides; a district decides only in a programme of its own."""
    if not stages or stages[-1] not in DECIDING or any(stage in DECIDING for stage in stages[:-1]):
        raise RuleBroken(_("最后一个阶段必须是认定。"), code="stages")
    if stages[-1] == Stage.SETTLE and not host_id:
        raise RuleBroken(_("市级事项由市级认定；只有区级项目可以由区里认定。"), code="stages")


def _locked(programme: Programme) -> Programme:
    return Programme.objects.select_for_update().get(pk=programme.pk)


def _require_seen(programme: Programme, revision: int) -> None:
    if programme.revision != revision:
        words = _("%(who)s 在 %(time)s 修改了这个项目，您的修改还没有保存。请核对后再保存。")
        values = {"who": programme.changed_by, "time": clock_time(programme.changed_at)}
        raise RuleBroken(words % values, code="edited_meanwhile")


def _require_free(programme: Programme) -> None:
    if programme.status == Programme.Status.RETIRED:
        raise RuleBroken(_already(programme), code="wrong_state")
    if is_locked(programme):
        raise RuleBroken(_("项目已有发布的批次，不能再改。可以新建一个项目。"), code="has_calls")


def _already(programme: Programme) -> object:
    return _("项目现在是“%(status)s”，不能这样办理。") % {"status": programme.get_status_display()}


def _subject(programme: Programme) -> tuple[str, str]:
    return "programme", programme.code
