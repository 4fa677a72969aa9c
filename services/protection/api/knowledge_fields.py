"""Published alerts, laws, cases and countries as everybody may read them; nothing of any audience."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from patents.models import RightKind
from portal.api.serializers.common import Plain
from portal.models import RuleStatus
from services.protection.forms.knowledge import PUBLIC
from services.protection.models import AlertKind, Country, LegalCase, Severity

TEXT = serializers.CharField
STATES = [(one.value, one.label) for one in PUBLIC]


def asked(label: Any, **options: Any) -> serializers.CharField:
    """Return an optional word of a query."""
    return serializers.CharField(required=False, max_length=60, help_text=label, **options)


def one_of(choices: Any, label: Any) -> serializers.ChoiceField:
    """Return an optional choice of a query."""
    return serializers.ChoiceField(choices=choices, required=False, help_text=label)


class PlaceAsked(Plain):
    """What the lists have in common: words, and a country by its code."""

    q = asked(_("关键词"))


class AlertsAsked(PlaceAsked):
    """Filters of the archive, as on its page."""

    kind = one_of(AlertKind.choices, _("类别"))
    severity = one_of(Severity.choices, _("级别"))
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False, help_text=_("两位国家或地区代码"))
    status = one_of(STATES, _("状态"))


class LawsAsked(PlaceAsked):
    """Filters of the law tracker."""

    country = serializers.RegexField(r"^[A-Z]{2}$", required=False, help_text=_("两位国家或地区代码"))
    kind = one_of(RightKind.choices, _("权利类型"))


class CasesAsked(PlaceAsked):
    """Filters of the case library."""

    forum = one_of(LegalCase.Forum.choices, _("审理机构"))
    kind = one_of(RightKind.choices, _("权利类型"))
    outcome = one_of(LegalCase.Outcome.choices, _("结果"))


class TodoOut(Plain):
    """One thing to do."""

    zh = TEXT(allow_blank=True, default="")
    en = TEXT(allow_blank=True, default="")


class SourceOut(Plain):
    """Where it is written."""

    name = TEXT()
    on = TEXT(allow_blank=True, default="", help_text=_("日期，形如 2026-11-17"))
    url = TEXT(allow_blank=True, default="")


class AttachmentOut(Plain):
    """A file of an alert. `status`: clean once the safety check is passed."""

    number = TEXT()
    name = TEXT()
    size = serializers.IntegerField()
    sha256 = TEXT()
    media_type = TEXT()
    status = TEXT()


class TitleOut(Plain):
    """A law or a case as a line of something else."""

    number = TEXT()
    title = TEXT()
    title_en = TEXT()


class AlertLine(Plain):
    """A published alert as a line of the archive."""

    number = TEXT()
    status = serializers.ChoiceField(choices=STATES)
    edition = serializers.IntegerField(source="current.edition")
    kind = serializers.ChoiceField(choices=AlertKind.choices, source="current.kind")
    severity = serializers.ChoiceField(choices=Severity.choices, source="current.severity")
    title = TEXT(source="current.title")
    title_en = TEXT(source="current.title_en")
    summary = TEXT(source="current.summary")
    summary_en = TEXT(source="current.summary_en")
    countries = serializers.ListField(child=TEXT(), source="current.countries")
    published_at = serializers.DateTimeField(help_text=_("首次发布"))
    valid_to = serializers.DateField(source="current.valid_to", allow_null=True)


class EditionOut(Plain):
    """One published edition and what it changed."""

    edition = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    change_note = TEXT()
    change_note_en = TEXT()


class AlertOut(AlertLine):
    """A published alert as everybody may read it. Texts are Markdown."""

    body = TEXT(source="current.body")
    body_en = TEXT(source="current.body_en")
    checklist = TodoOut(many=True, source="current.checklist")
    sources = SourceOut(many=True, source="current.sources")
    valid_from = serializers.DateField(source="current.valid_from", allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = TEXT()
    withdrawn_reason_en = TEXT()
    editions = EditionOut(many=True)
    attachments = AttachmentOut(many=True)
    laws = TitleOut(many=True, source="current.laws")
    cases = TitleOut(many=True, source="current.cases")


class Sourced(Plain):
    """How sure a row is."""

    source = TEXT()  # type: ignore[assignment]
    status = serializers.ChoiceField(choices=RuleStatus.choices, help_text=_("核实状态"))
    verified_on = serializers.DateField(allow_null=True)


class LawOut(Sourced):
    """A change of law."""

    number = TEXT()
    country = TEXT(source="country_id")
    title = TEXT()
    title_en = TEXT()
    instrument = TEXT()
    change = TEXT()
    change_en = TEXT()
    concerns = TEXT()
    concerns_en = TEXT()
    right_kinds = serializers.ListField(child=TEXT())
    adopted_on = serializers.DateField(allow_null=True)
    in_force_on = serializers.DateField(allow_null=True)
    source_url = TEXT()


class LegalCaseOut(Plain):
    """A case others can learn from; `is_sample`: invented."""

    number = TEXT()
    forum = serializers.ChoiceField(choices=LegalCase.Forum.choices)
    country = TEXT(source="country_id")
    title = TEXT()
    title_en = TEXT()
    docket = TEXT()
    summary = TEXT()
    summary_en = TEXT()
    lessons = TEXT()
    lessons_en = TEXT()
    right_kinds = serializers.ListField(child=TEXT())
    ipc = serializers.ListField(child=TEXT())
    industries = serializers.ListField(child=TEXT())
    outcome = serializers.ChoiceField(choices=LegalCase.Outcome.choices)
    began_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    cost_band = TEXT()
    source = TEXT()  # type: ignore[assignment]
    is_sample = serializers.BooleanField()


class FactOut(Sourced):
    """One fact of a country."""

    topic = TEXT()
    value = TEXT()
    value_en = TEXT()
    months = serializers.IntegerField(allow_null=True)
    basis = TEXT()
    effective_from = serializers.DateField(allow_null=True)
    effective_to = serializers.DateField(allow_null=True)


class CountryLine(Plain):
    """A country, region or regional office."""

    code = TEXT()
    name = TEXT()
    name_en = TEXT()
    is_office = serializers.BooleanField()


class CountryOut(CountryLine):
    """A country with what is known of it."""

    facts = serializers.SerializerMethodField()

    def get_facts(self, country: Country) -> list[dict[str, Any]]:
        rows = country.facts.order_by("topic", "-effective_from", "pk")
        return [dict(row) for row in FactOut(rows, many=True).data]
