"""Decision letters and certificates as data for the typst templates, in the language that is active.

One function makes the letter that goes out and the one a supervisor reads beforehand. A call may have texts of its own
(`Call.letters`): {"approve" | "refuse": {part: {"zh", "en"}}} with placeholders in braces, checked by `faults`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import kinds
from portal.formats import day, is_english, moment
from portal.models import Application, Call, CasePaper, Office, Recognition, Stage

LANGUAGES = ("zh-hans", "en")
PARTS = {"approve": ("opening", "outcome"), "refuse": ("opening", "outcome", "rights")}
PLACE = re.compile(r"\{([^{}]*)\}")
LONGEST = 1500
PLACES = {
    "organisation": gettext_lazy("企业名称"),
    "uscc": gettext_lazy("统一社会信用代码"),
    "number": gettext_lazy("办件编号"),
    "call": gettext_lazy("批次名称"),
    "submitted_on": gettext_lazy("提交日期"),
    "score": gettext_lazy("得分"),
    "publicity_from": gettext_lazy("公示开始日"),
    "publicity_until": gettext_lazy("公示截止日"),
    "appeal_due": gettext_lazy("申诉截止日"),
}
# What only one outcome knows, and what a text of one's own may not leave out.
ONLY = {"publicity_from": "approve", "publicity_until": "approve", "appeal_due": "refuse"}
NEEDED = {("approve", "outcome"): ("publicity_from", "publicity_until"), ("refuse", "rights"): ("appeal_due",)}
LABELS = {
    ("approve", "opening"): gettext_lazy("拟认定：开头"),
    ("approve", "outcome"): gettext_lazy("拟认定：结论"),
    ("refuse", "opening"): gettext_lazy("不予认定：开头"),
    ("refuse", "outcome"): gettext_lazy("不予认定：结论"),
    ("refuse", "rights"): gettext_lazy("不予认定：申诉"),
}


@dataclass(frozen=True)
class Ruling:
    """A decision as its letter tells it: made, or foreseen."""

    is_approved: bool
    reason: str
    at: dt.datetime
    publicity_from: dt.date | None = None
    publicity_until: dt.date | None = None
    appeal_due: dt.date | None = None
    is_by_district: bool = False


def ruling_of(application: Application) -> Ruling:
    """Return the decision a case has; only where it has one."""
    is_refused = application.status == "rejected" or application.publicity_from is None
    assert application.decided_at is not None  # noqa: S101 - the caller asks only where there is a decision
    return Ruling(
        is_approved=not is_refused,
        reason=application.decision_reason,
        at=application.decided_at,
        publicity_from=application.publicity_from,
        publicity_until=application.publicity_until,
        appeal_due=application.applicant_due_on if is_refused else None,
        is_by_district=application.stage == Stage.RECOMMEND and application.status == "rejected",
    )


def letter(application: Application, ruling: Ruling) -> dict[str, Any]:
    """Return the data of typst/letter.typ."""
    office = _office(application, ruling)
    texts = _texts(application, ruling)
    return {
        "title": _("拟认定决定书") if ruling.is_approved else _("不予认定决定书"),
        "office": office,
        "number": application.number,
        "number_line": _("办件编号 %(number)s") % {"number": application.number},
        "foot": foot(application.number, ruling.at),
        "to": _("%(organisation)s：") % {"organisation": application.organisation.name},
        "paragraphs": [texts["opening"], texts["outcome"]],
        "reason_title": _("理由"),
        "reason": ruling.reason,
        "rights_title": _("申诉"),
        "rights": texts.get("rights", ""),
        "signed": office,
        "day": day(ruling.at),
    }


def in_both(application: Application, ruling: Ruling) -> list[tuple[str, dict[str, Any]]]:
    """Return (language, data) of the letter in every language."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append((language, letter(application, ruling)))
    return found


def foot(number: str, at: dt.datetime) -> str:
    return _("%(number)s · 生成于 %(when)s · %(url)s") % {
        "number": number, "when": moment(at), "url": settings.PUBLIC_URL,
    }  # fmt: skip


def _office(application: Application, ruling: Ruling) -> str:
    """The district's office where the recommendation was refused, else the city's."""
    rows = Office.objects.filter(district=application.office_district) if ruling.is_by_district else Office.objects
    return str(rows.filter(kind="district" if ruling.is_by_district else "city").first() or "")


def _texts(application: Application, ruling: Ruling) -> dict[str, str]:
    outcome = "approve" if ruling.is_approved else "refuse"
    own = application.call.letters.get(outcome, {})
    texts = {"opening": _opening(application), "outcome": _outcome(ruling)}
    if not ruling.is_approved:
        texts["rights"] = _rights(ruling)
    values = _values(application, ruling)
    language = "en" if is_english() else "zh"
    for part in PARTS[outcome]:
        words = own.get(part, {}).get(language, "")
        is_over = part == "rights" and ruling.appeal_due is None
        if words and not is_over:
            texts[part] = PLACE.sub(lambda match: values.get(match[1], ""), words)
    return texts


def _values(application: Application, ruling: Ruling) -> dict[str, str]:
    return {
        "organisation": application.organisation.name,
        "uscc": application.organisation.uscc,
        "number": application.number,
        "call": application.call.title,
        "submitted_on": day(application.submitted_at),
        "score": str(application.score if application.score is not None else "—"),
        "publicity_from": day(ruling.publicity_from),
        "publicity_until": day(ruling.publicity_until),
        "appeal_due": day(ruling.appeal_due),
    }


def _opening(application: Application) -> str:
    return _("贵企业（统一社会信用代码 %(uscc)s）于 %(day)s 提交的《%(call)s》申报，已完成审核。") % {
        "uscc": application.organisation.uscc,
        "day": day(application.submitted_at),
        "call": application.call.title,
    }


def _outcome(ruling: Ruling) -> str:
    if not ruling.is_approved:
        return _("经审核，决定不予认定。")
    return _("经审核，拟予认定，自 %(first)s 至 %(last)s 公示。公示期间没有异议或者异议不成立的，予以认定。") % {
        "first": day(ruling.publicity_from),
        "last": day(ruling.publicity_until),
    }


def _rights(ruling: Ruling) -> str:
    if ruling.appeal_due is None:
        return _("申诉期限已过，或申诉已经答复。")
    words = _("如不同意本决定，可在 %(due)s 前在办件页提出申诉，由没有参与本件的负责人处理。")
    return words % {"due": day(ruling.appeal_due)}


# --- a call's own texts -------------------------------------------------------------------------------------------
def faults(texts: dict[str, Any]) -> list[tuple[tuple[str, str, str], str]]:
    """Return ((outcome, part, language), sentence) of everything wrong with a call's own texts."""
    found = []
    for (outcome, part), label in LABELS.items():
        both = texts.get(outcome, {}).get(part, {})
        for language in ("zh", "en"):
            words, other = both.get(language, ""), both.get("zh" if language == "en" else "en", "")
            for sentence in _faults_of(outcome, part, words) if words else [_missing(label)] if other else []:
                found.append(((outcome, part, language), sentence))
    return found


def _missing(label: object) -> str:
    return _("“%(label)s”要有中英文两种文字。") % {"label": label}


def _faults_of(outcome: str, part: str, words: str) -> list[str]:
    used = PLACE.findall(words)
    rest = PLACE.sub("", words)
    unknown = [name for name in used if name not in PLACES or ONLY.get(name, outcome) != outcome]
    lacking = [name for name in NEEDED.get((outcome, part), ()) if name not in used]
    found = [_("这里不能用 {%(name)s}。") % {"name": name} for name in dict.fromkeys(unknown)]
    found += [_("这里必须写明 {%(name)s}（%(what)s）。") % {"name": name, "what": PLACES[name]} for name in lacking]
    if "{" in rest or "}" in rest:
        found.append(_("花括号要成对，里面只写占位符的名称。"))
    return found


def own_texts(values: dict[tuple[str, str, str], str]) -> dict[str, Any]:
    """Return texts by (outcome, part, language) as `Call.letters` holds them, empty ones left out."""
    texts: dict[str, Any] = {}
    for (outcome, part, language), words in values.items():
        if words.strip():
            texts.setdefault(outcome, {}).setdefault(part, {})[language] = words.strip().replace("\r\n", "\n")
    return texts


def own_text(call: Call, outcome: str, part: str, language: str) -> str:
    """Return one text of a call's own, or nothing."""
    return str(call.letters.get(outcome, {}).get(part, {}).get(language, ""))


# --- certificates and kept papers ---------------------------------------------------------------------------------
def certificate(recognition: Recognition) -> dict[str, Any]:
    """Return the data of typst/certificate.typ."""
    kind = kinds.get(recognition.kind)
    url = f"{settings.PUBLIC_URL}/recognitions/{recognition.number}/"
    is_sample = recognition.application.call.is_sample
    return {
        "title": str(kind.certificate_title or kind.title),
        "issuer": str(Office.objects.filter(kind="city").first() or ""),
        "organisation": recognition.organisation.name,
        "uscc_line": " ".join([_("统一社会信用代码"), recognition.organisation.uscc]),
        "text": _("经审核和公示，认定该企业为%(title)s。") % {"title": kind.title},
        "facts": [
            [_("证书编号"), recognition.number],
            [_("认定日期"), day(recognition.granted_on)],
            [_("有效期至"), day(recognition.valid_until)],
        ],
        "check": _("核验：打开 %(url)s，页面上的企业名称、编号和状态应与本证书一致。") % {"url": url},
        "day": day(recognition.granted_on),
        "note": _("示例证书：按示例批次生成，不是官方文件。") if is_sample else "",
    }


def certificate_moment(recognition: Recognition) -> dt.datetime:
    """Return the moment a certificate is dated by: the same data give the same bytes."""
    return dt.datetime.combine(recognition.granted_on, dt.time(), tzinfo=dt.UTC)


def kept(application: Application, kind: str) -> CasePaper | None:
    """Return the paper as it went out in the language that is active, or None where none was frozen."""
    language = "en" if is_english() else "zh-hans"
    rows = CasePaper.objects.filter(application=application, kind=kind, language=language)
    return rows.order_by("-revision").first()
