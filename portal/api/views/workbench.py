"""The workbench of an office: assignment rules, absences with deputies, templates of reasons."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.base import SignedIn
from portal.api.schema import described
from portal.api.serializers import workbench as side
from portal.api.serializers.common import Nothing
from portal.models import Absence, AssignmentRule, District, Office, ReasonTemplate, User
from portal.permissions import Permission
from portal.workbench import absences, reasons, sharing

DOOR = (Permission.VIEW_CASE,)


def person_among(people: QuerySet[User], number: str, field: str) -> User:
    """Return the person of this number among those one may name; raises ValidationError."""
    found = people.filter(number=number).first()
    if found is None:
        raise ValidationError({field: [_("没有这个人员编号。")]})
    return found


class AssignmentRules(SignedIn):
    """Who takes which cases of a district."""

    door = DOOR

    def get_queryset(self) -> QuerySet[AssignmentRule]:
        return AssignmentRule.objects.open().visible_to(self.me).select_related("officer", "district__office")

    @described(_("列出分派规则"), responses=side.AssignmentRuleOut(many=True))
    def list(self, request: Request) -> Response:
        """Rules in force in one's districts, the newest first."""
        return self.page(self.get_queryset(), side.AssignmentRuleOut)

    @described(_("增加分派规则"), request=side.AssignmentRuleIn, responses={201: side.AssignmentRuleOut})
    def create(self, request: Request) -> Response:
        """Let an officer take cases of a kind and industry, up to a cap."""
        given = self.given(side.AssignmentRuleIn)
        own = District.objects.filter(pk__in=self.me.standing.case_districts).select_related("office")
        district = get_object_or_404(own, pk=given.pop("district"))
        officer = person_among(sharing.staff_of(district.code), given.pop("officer"), "officer")
        made = sharing.add_rule(district, officer=officer, **given, by=self.me)
        return Response(self.shown(made, side.AssignmentRuleOut), status=201)

    @described(_("修改在办上限"), request=side.CapIn, responses=side.AssignmentRuleOut)
    @action(detail=True, methods=["post"], url_path="set-cap")
    def set_cap(self, request: Request, number: str) -> Response:
        """Let somebody have more or fewer cases at once."""
        rule = sharing.set_cap(self.get_object(), **self.given(side.CapIn), by=self.me)
        return Response(self.shown(rule, side.AssignmentRuleOut))

    @described(_("结束分派规则"), request=Nothing, responses=side.AssignmentRuleOut)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, number: str) -> Response:
        """Apply a rule no more."""
        return Response(self.shown(sharing.end_rule(self.get_object(), by=self.me), side.AssignmentRuleOut))


class Absences(SignedIn):
    """Who is away, and who acts for them."""

    door = DOOR
    page_order = ("-from_on", "-id")

    def get_queryset(self) -> QuerySet[Absence]:
        return Absence.objects.visible_to(self.me).select_related("person", "deputy")

    @described(_("列出不在岗"), responses=side.AbsenceOut(many=True))
    def list(self, request: Request) -> Response:
        """One's own, those one stands in for, and those of colleagues; the newest first."""
        return self.page(self.get_queryset(), side.AbsenceOut)

    @described(_("登记不在岗"), request=side.AbsenceIn, responses={201: side.AbsenceOut})
    def create(self, request: Request) -> Response:
        """Enter one's own absence with a deputy; supervisors also that of a colleague."""
        given: dict[str, Any] = self.given(side.AbsenceIn)
        number = given.pop("person")
        person = person_among(absences.people_of(self.me), number, "person") if number else self.me
        deputy = person_among(absences.colleagues_of(self.me), given.pop("deputy"), "deputy")
        made = absences.enter(person, deputy=deputy, **given, by=self.me)
        return Response(self.shown(made, side.AbsenceOut), status=201)

    @described(_("结束不在岗"), request=Nothing, responses=side.AbsenceOut)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, number: str) -> Response:
        """Take an absence back, or end it as of today."""
        return Response(self.shown(absences.end(self.get_object(), by=self.me), side.AbsenceOut))


class ReasonTemplates(SignedIn):
    """Ready words of one's office for reasons."""

    door = DOOR

    def get_queryset(self) -> QuerySet[ReasonTemplate]:
        return ReasonTemplate.objects.open().visible_to(self.me).select_related("office")

    @described(_("列出理由模板"), responses=side.TemplateOut(many=True))
    def list(self, request: Request) -> Response:
        """Templates of one's offices, the newest first."""
        return self.page(self.get_queryset(), side.TemplateOut)

    @described(_("写理由模板"), request=side.NewTemplateIn, responses={201: side.TemplateOut})
    def create(self, request: Request) -> Response:
        """Write a template of one's office."""
        given = self.given(side.NewTemplateIn)
        office = get_object_or_404(Office.objects.visible_to(self.me), slug=given.pop("office"))
        made = reasons.write_template(office, **given, by=self.me)
        return Response(self.shown(made, side.TemplateOut), status=201)

    @described(_("修改理由模板"), request=side.TemplateIn, responses=side.TemplateOut)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, number: str) -> Response:
        """Write a template anew; reasons written with it stay as they are."""
        template = self.get_object()
        made = reasons.write_template(template.office, **self.given(side.TemplateIn), template=template, by=self.me)
        return Response(self.shown(made, side.TemplateOut))

    @described(_("停用理由模板"), request=Nothing, responses=side.TemplateOut)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, number: str) -> Response:
        """Offer a template no more."""
        return Response(self.shown(reasons.retire_template(self.get_object(), by=self.me), side.TemplateOut))
