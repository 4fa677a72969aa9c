"""What an official weighs: each answer beside what the register knows, and what the portal knows of the enterprise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from portal import kinds, procedures, questionnaires
from portal.formats import NOTHING, day
from portal.models import Application, Organisation, Recognition, Status
from portal.questionnaires import AnswerError, Question, text


@dataclass(frozen=True)
class Evidence:
    """One question beside what the portal knows: state is match, differ or no_data; `said` words a contradiction."""

    label: str
    answered: str
    known: str
    source: str
    state: str
    said: str = ""
    as_of: Any = None
    url: str = ""


def weighed(application: Application, answers: dict[str, Any], reader: Any) -> dict[str, Any]:
    """Return {"known": facts, "evidence": rows} for one official."""
    known = known_of(application, reader)
    return {"known": known, "evidence": evidence(application, answers, known)}


def evidence(application: Application, answers: dict[str, Any], facts: Sequence[kinds.Fact] = ()) -> list[Evidence]:
    """Return the eligibility findings and every prefillable answer beside the register's value.

    What a workstream counted (`facts`) goes before what the enterprise says of itself in its profile.
    """
    rows = [_of_finding(finding) for finding in procedures.eligibility(application.call, application.organisation)]
    known = kinds.get(application.kind).prefill(application.organisation)
    counted = {fact.answers: fact for fact in facts if fact.answers and fact.value is not None}
    for _part, question in questionnaires.questions(application.call.questionnaire.body):
        name = question.get("prefill")
        if not name or not questionnaires.is_shown(question, answers):
            continue
        answer = answers.get(question["key"])
        if name in counted:
            rows.append(_of_fact(question, answer, counted[name]))
        else:
            rows.append(_of_answer(question, answer, known.get(name), application))
    return rows


def _of_fact(question: Question, answer: Any, fact: kinds.Fact) -> Evidence:
    """Lay a counted figure beside an answer; where they contradict, say both in one sentence."""
    answered, known = questionnaires.display(question, answer), str(fact.words)
    state = "match" if _same(fact.value, answer) else "differ"
    said = ""
    if state == "differ":
        said = _("填报 %(answered)s，台账 %(known)s") % {"answered": answered, "known": fact.value}
    return Evidence(
        text(question["label"]), answered, known, str(fact.source), state, said=said, as_of=fact.as_of, url=fact.url
    )


def known_of(application: Application, reader: Any) -> list[kinds.Fact]:
    """Return what the workstreams and the portal itself know of the enterprise, for one official."""
    return [*kinds.evidence(application.organisation, reader), *_history(application)]


def _history(application: Application) -> list[kinds.Fact]:
    """Return earlier applications with their outcomes, and the titles held; one statement."""
    earlier = Application.objects.exclude(pk=application.pk).exclude(status=Status.DRAFT)
    held = Recognition.objects.filter(status__in=[Recognition.Status.VALID, Recognition.Status.ACCEPTED])
    found = (
        Organisation.objects.filter(pk=application.organisation_id)
        .annotate(
            earlier=_number(earlier),
            recognised=_number(earlier.filter(recognition__isnull=False)),
            refused=_number(earlier.filter(decided_at__isnull=False, status__in=[Status.REJECTED, Status.CLOSED])),
            held=_number(held),
            titles=_number(Recognition.objects.all()),
        )
        .values("earlier", "recognised", "refused", "held", "titles")
        .get()
    )
    url, source = "?part=opinions", _("本平台办件")
    words = _("%(earlier)s 件，其中认定 %(recognised)s 件、未通过 %(refused)s 件") % found
    titles = _("有效 %(held)s 项，共 %(titles)s 项") % found
    return [
        kinds.Fact("earlier", _("此前的申报和结果"), words, source, value=found["earlier"], url=url),
        kinds.Fact("titles", _("已获认定"), titles, _("认定名录"), value=found["held"], url=url),
    ]


def _number(rows: QuerySet[Any]) -> Any:
    counted = rows.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    counted = counted.annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _of_finding(finding: kinds.Finding) -> Evidence:
    state = {True: "match", False: "differ", None: "no_data"}[finding.is_met]
    return Evidence(str(finding.label), _("申报条件"), str(finding.evidence), str(finding.source), state)


def _of_answer(question: Question, answer: Any, known: kinds.Prefilled | None, application: Application) -> Evidence:
    label, answered = text(question["label"]), questionnaires.display(question, answer)
    if known is None or questionnaires.is_empty(known.value):
        return Evidence(label, answered, NOTHING, "", "no_data")
    try:
        value = questionnaires.clean(question, known.value)
    except AnswerError:
        return Evidence(label, answered, str(known.value), source_words(known.source, application), "no_data")
    state = "match" if _same(value, answer) else "differ"
    shown = questionnaires.display(question, value)
    return Evidence(label, answered, shown, source_words(known.source, application), state)


def _same(one: Any, other: Any) -> bool:
    return str(one).strip() == str(other).strip()


def source_words(source: str, application: Application) -> str:
    """Return where a known value comes from, in words."""
    organisation = application.organisation
    if source == "organisation":
        if organisation.verified_at:
            return _("登记资料 · 所在区核实 %(day)s") % {"day": day(organisation.verified_at)}
        return _("登记资料 · 未核实")
    return {"profile": _("企业资料（企业自行维护）")}.get(source, source)
