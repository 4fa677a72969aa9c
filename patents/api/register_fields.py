"""Rights as the interface says and takes them; an enterprise's side and the officials' are two serializers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from patents import bulk
from patents.choosing import FIELDS
from patents.dates import codes
from patents.forms.register import RightForm
from patents.models import Flag, LegalStatus, OfficialNotice, Reduction, Right, RightEvent, RightKind, Route
from patents.views.register.events import words_of
from portal.api.serializers.common import OrganisationRef, PersonOut, Plain
from portal.models import Deadline, Secrecy

NUMBER_LENGTH = 10
FORMED = {"route": Route.NATIONAL, "country": "CN", "reduction": Reduction.NONE}


def number(**options: Any) -> serializers.CharField:
    """Return a field for somebody's or something's public number."""
    return serializers.CharField(max_length=NUMBER_LENGTH, **options)


def words(most: int) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, allow_blank=True)


def day() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True)


def several(most: int) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=most), max_length=100, required=False)


class RightsAsked(Plain):
    """Filters of rights, as the list's page has them; what is unknown counts for nothing."""

    organisation = number(required=False, help_text=_("企业编号；不填则为本人所有企业"))

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **{name: words(200) for name in FIELDS}}


class RightLine(Plain):
    """A right as a line of its enterprise's list."""

    number = serializers.CharField()
    organisation = OrganisationRef()
    kind = serializers.ChoiceField(choices=RightKind.choices)
    country = serializers.CharField()
    title = serializers.CharField()
    application_number = serializers.CharField()
    publication_number = serializers.CharField()
    registration_number = serializers.CharField()
    status = serializers.ChoiceField(choices=LegalStatus.choices)
    filed_on = serializers.DateField(allow_null=True)
    granted_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    grade = serializers.CharField()
    is_high_value = serializers.BooleanField()
    secrecy = serializers.CharField()
    responsible = PersonOut(allow_null=True)
    next_on = serializers.DateField(
        source="nearest.on", allow_null=True, default=None, help_text=_("最近一个期限的法定日")
    )


class OpenRightLine(Plain):
    """A right as an official sees it in a list: what the register itself says."""

    number = serializers.CharField()
    organisation = OrganisationRef()
    kind = serializers.ChoiceField(choices=RightKind.choices)
    country = serializers.CharField()
    title = serializers.CharField()
    application_number = serializers.CharField()
    publication_number = serializers.CharField()
    registration_number = serializers.CharField()
    status = serializers.ChoiceField(choices=LegalStatus.choices)
    filed_on = serializers.DateField(allow_null=True)
    granted_on = serializers.DateField(allow_null=True)


class Facts(Plain):
    """What the register says of a right."""

    route = serializers.ChoiceField(choices=Route.choices)
    title_en = serializers.CharField()
    abstract = serializers.CharField()
    international_number = serializers.CharField()
    priority_number = serializers.CharField()
    priority_on = serializers.DateField(allow_null=True)
    published_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    owners = serializers.ListField(child=serializers.CharField())
    inventors = serializers.ListField(child=serializers.CharField())
    agent = serializers.CharField()
    main_ipc = serializers.CharField()
    classes = serializers.ListField(child=serializers.CharField())
    goods = serializers.CharField()
    status_on = serializers.DateField(allow_null=True)


class OpenRightOut(OpenRightLine, Facts):
    """A right as an official sees it."""

    expires_on = serializers.DateField(allow_null=True)


class RightOut(RightLine, Facts):
    """A right as its enterprise and its agency see it. `version` goes back with a change."""

    version = serializers.IntegerField()
    status_source = serializers.CharField()
    flags = serializers.ListField(child=serializers.ChoiceField(choices=Flag.choices))
    reduction = serializers.CharField()
    open_licence_from = serializers.DateField(allow_null=True)
    open_licence_to = serializers.DateField(allow_null=True)
    paid_year = serializers.IntegerField(allow_null=True)
    measures = serializers.CharField()
    backup = PersonOut(allow_null=True)
    agency = OrganisationRef(allow_null=True)
    family = serializers.CharField(source="family.number", allow_null=True, default=None)
    products = serializers.SerializerMethodField()
    grade_reasons = serializers.JSONField()
    is_core = serializers.BooleanField()
    note = serializers.CharField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_products(self, right: Right) -> list[str]:
        return [product.number for product in right.products.all()]


class FactsIn(Plain):
    """Facts of a right; those that do not matter for its kind are left aside."""

    title = words(500)
    title_en = words(500)
    abstract = words(6000)
    application_number = words(40)
    publication_number = words(40)
    registration_number = words(40)
    international_number = words(40)
    country = words(2)
    route = serializers.ChoiceField(choices=Route.choices, required=False)
    priority_number = words(40)
    priority_on = day()
    filed_on = day()
    published_on = day()
    granted_on = day()
    expires_on = day()
    owners = several(200)
    inventors = several(120)
    agent = words(200)
    main_ipc = words(20)
    classes = several(20)
    goods = words(4000)
    measures = words(4000)
    reduction = serializers.ChoiceField(choices=Reduction.choices, required=False)
    open_licence_from = day()
    open_licence_to = day()
    paid_year = serializers.IntegerField(min_value=1, max_value=25, required=False, allow_null=True)
    note = words(4000)


class RightIn(FactsIn):
    """A new right with its status and who may know of it."""

    organisation = number(help_text=_("企业编号"))
    kind = serializers.ChoiceField(choices=RightKind.choices)
    status = serializers.ChoiceField(choices=LegalStatus.choices, required=False, default=LegalStatus.PENDING)
    status_on = day()
    status_source = words(200)
    secrecy = serializers.ChoiceField(choices=Secrecy.choices, required=False, default=Secrecy.OPEN)
    readers = several(NUMBER_LENGTH)


class ChangeIn(FactsIn):
    """Facts that shall change; `version` is the one that was looked at."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


def facts(kind: str, given: dict[str, Any], present: Right | None = None) -> dict[str, Any]:
    """Return the facts of a kind as the page's own form cleans them; raises ValidationError with its sentences."""
    names = [str(name) for name in FactsIn().fields]
    known: dict[str, Any] = {name: getattr(present, name) for name in names} if present else FORMED
    asked = {**known, **{name: given[name] for name in names if name in given}}
    flat = {name: "\n".join(value) if isinstance(value, list) else value for name, value in asked.items()}
    form = RightForm({name: "" if value is None else str(value) for name, value in flat.items()}, kind=kind)
    if not form.is_valid():
        raise ValidationError({name: list(map(str, errors)) for name, errors in form.errors.items()})
    return form.facts()


class StatusIn(Plain):
    """A step of the legal status, or a correction by the register's word."""

    status = serializers.ChoiceField(choices=LegalStatus.choices)
    on = serializers.DateField()
    source = serializers.CharField(max_length=200)  # type: ignore[assignment]
    is_correction = serializers.BooleanField(required=False, default=False)


class FlagsIn(Plain):
    """What rests on the right."""

    flags = serializers.ListField(child=serializers.ChoiceField(choices=Flag.choices), max_length=10)


class SecrecyIn(Plain):
    """Who may know of the right; readers by their public numbers."""

    secrecy = serializers.ChoiceField(choices=Secrecy.choices)
    readers = several(NUMBER_LENGTH)


class AssignIn(Plain):
    """Who answers for the right, who stands in, which agency is mandated: public numbers, or null."""

    responsible = number(allow_null=True)
    backup = number(allow_null=True)
    agency = number(allow_null=True)


class LinksIn(Plain):
    """The family of the right and the products that use it."""

    family = number(allow_null=True)
    products = several(NUMBER_LENGTH)


class RemoveIn(Plain):
    """Why a record was a mistake."""

    reason = serializers.CharField(max_length=300)


class BulkIn(Plain):
    """One field of many rights: those named, or all that the filters let through."""

    organisation = number(help_text=_("企业编号"))
    numbers = serializers.ListField(child=number(), max_length=bulk.MOST, required=False, default=list)
    filters = serializers.DictField(child=serializers.CharField(max_length=200), required=False, allow_null=True)
    field = serializers.ChoiceField(choices=sorted(bulk.FIELDS))
    value = serializers.CharField(
        max_length=40, allow_null=True, allow_blank=True, help_text=_("人员、机构、产品、专利族的编号，或代码")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["numbers"] and attrs.get("filters") is None:
            raise ValidationError({"numbers": [_("请给出编号，或给出筛选条件。")]})
        return attrs


class BulkOut(Plain):
    """How many were changed, were so already, may not be so."""

    done = serializers.IntegerField()
    same = serializers.IntegerField()
    left_out = serializers.IntegerField()


class EventLine(Plain):
    """One line of a right's timeline."""

    number = serializers.CharField()
    kind = serializers.CharField()
    on = serializers.DateField()
    words = serializers.SerializerMethodField()
    text = serializers.CharField()
    data = serializers.SerializerMethodField()  # type: ignore[assignment]
    source = serializers.CharField()  # type: ignore[assignment]
    document = serializers.CharField(source="document.number", allow_null=True, default=None)
    by = PersonOut(source="created_by", allow_null=True)
    created_at = serializers.DateTimeField()

    def get_words(self, event: RightEvent) -> str:
        return str(words_of(event))

    @extend_schema_field(serializers.DictField(help_text=_("更正时每个字段的 from 和 to")))
    def get_data(self, event: RightEvent) -> dict[str, Any]:
        return {name: value for name, value in event.data.items() if name != "readers"}  # keys of people


class NoticeIn(Plain):
    """An official notice that was received."""

    type = serializers.CharField(max_length=40)
    issued_on = serializers.DateField()
    delivery = serializers.ChoiceField(choices=OfficialNotice.Delivery.choices, required=False, default="electronic")
    entered_on = serializers.DateField(required=False, allow_null=True, default=None)
    stated_on = serializers.DateField(required=False, allow_null=True, default=None)
    is_priority_examination = serializers.BooleanField(required=False, default=False)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ReceivedOut(Plain):
    """An official notice in the register."""

    number = serializers.CharField()
    type = serializers.CharField()
    issued_on = serializers.DateField()
    delivery = serializers.CharField()
    entered_on = serializers.DateField(allow_null=True)
    stated_on = serializers.DateField(allow_null=True)
    is_priority_examination = serializers.BooleanField()
    note = serializers.CharField()
    answered_on = serializers.DateField(allow_null=True)


class DateOut(Plain):
    """A date that must be kept: computed and stated, with its late bands and basis."""

    number = serializers.CharField()
    right = serializers.CharField(source="subject_number")
    title = serializers.CharField()
    rule = serializers.CharField(source="rule_code")
    what = serializers.SerializerMethodField()
    trigger_on = serializers.DateField()
    delivered_on = serializers.DateField(allow_null=True)
    nominal_on = serializers.DateField(allow_null=True)
    target_on = serializers.DateField()
    legal_on = serializers.DateField()
    computed_on = serializers.DateField(allow_null=True)
    overridden_on = serializers.DateField(allow_null=True)
    overridden_reason = serializers.CharField()
    grace_on = serializers.DateField(allow_null=True)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    bands = serializers.JSONField()
    basis = serializers.CharField()
    is_provisional = serializers.BooleanField()
    needs_evidence = serializers.BooleanField()
    responsible = PersonOut(allow_null=True)
    backup = PersonOut(allow_null=True)
    remind_days = serializers.ListField(
        child=serializers.DateField(), allow_null=True, help_text=_("全部提醒日；逾期后按滞纳金各档提醒")
    )
    remind_at = serializers.DateTimeField(allow_null=True, help_text=_("下次提醒"))
    met_at = serializers.DateTimeField(allow_null=True)
    met_evidence = serializers.CharField()
    cancelled_at = serializers.DateTimeField(allow_null=True)
    cancelled_reason = serializers.CharField()

    def get_what(self, deadline: Deadline) -> str:
        try:
            return str(codes.words(codes.code_of(deadline.rule_code)))
        except KeyError:  # a date of another source
            return deadline.rule_code


class DateDetailOut(DateOut):
    """A date with its arithmetic in words."""

    steps = serializers.ListField(child=serializers.CharField())


class DatesAsked(Plain):
    """Filters of the dates."""

    organisation = number(required=False)
    right = number(required=False)
    state = serializers.ChoiceField(choices=["open", "overdue", "met", "all"], required=False, default="open")
    until = serializers.DateField(required=False, help_text=_("建议日不晚于这一天"))


class MeetIn(Plain):
    """That a date was kept, with the evidence where money is concerned."""

    on = serializers.DateField(required=False, allow_null=True, default=None)
    reference = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    document = number(required=False, allow_null=True, default=None, help_text=_("票据文件的编号"))
    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True, default=None
    )


class StatedIn(Plain):
    """The official or stated day, and where it stands."""

    on = serializers.DateField()
    reason = serializers.CharField(max_length=300)


class WhyIn(Plain):
    """A reason."""

    reason = serializers.CharField(max_length=300)
