"""Rights of one's enterprises and mandates: list, enter, change, everything that hangs on one; officials' open list."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from patents import bulk, families, rights
from patents.api import register_fields as fields
from patents.choosing import narrow
from patents.dates import notices
from patents.models import Family, OfficialNotice, Product, Right, RightEvent
from patents.models.rights import RightQuerySet
from patents.nearest import with_nearest
from portal.api.base import SignedIn
from portal.api.schema import described
from portal.models import Organisation, Secrecy, User, standing_of
from portal.permissions import Permission, check

LINE = ("organisation", "responsible")
COLUMNS = (
    "number", "kind", "country", "title", "application_number", "publication_number", "registration_number", "status",
    "filed_on", "granted_on", "expires_on", "grade", "is_high_value", "secrecy", "organisation__number",
    "organisation__name", "organisation__uscc", "responsible__number", "responsible__name",
)  # fmt: skip
OPEN_COLUMNS = tuple(name for name in COLUMNS if not name.startswith(("responsible", "grade", "expires", "is_high")))
NEWEST = ("-filed_on", "-id")


def own_rights(user: Any) -> RightQuerySet:
    """Return the rights of one's enterprises, and those that name one of them as their agency."""
    roles = list(standing_of(user).roles)
    rows: RightQuerySet = Right.objects.visible_to(user)
    mandated = bool(roles) and Organisation.objects.filter(pk__in=roles, kind=Organisation.Kind.AGENCY).exists()
    if not mandated:
        return rows.filter(organisation__in=roles)
    return rows.filter(Q(organisation__in=roles) | Q(agency__in=roles))


def own_organisation(user: Any, number: str) -> Organisation:
    """Return one of the person's own enterprises, or 404."""
    return get_object_or_404(Organisation.objects.filter(pk__in=standing_of(user).roles), number=number)


def people(numbers: Any) -> list[int]:
    """Return the keys of people; who is unknown is a wrong field. The action refuses who is no member."""
    wanted = set(numbers or [])
    found = dict(User.objects.filter(number__in=wanted).values_list("number", "pk"))
    if wanted - found.keys():
        raise ValidationError({"readers": [_("只能指定本企业的现任成员。")]})
    return sorted(found.values())


def person(number: str | None, name: str) -> User | None:
    """Return a person by number, or None for none; who is unknown is a wrong field."""
    found = User.objects.filter(number=number).first() if number else None
    if number and found is None:
        raise ValidationError({name: [_("只能指定本企业的现任成员。")]})
    return found


class Rights(SignedIn):
    """Rights of one's own enterprises and mandates."""

    page_order = NEWEST

    def get_queryset(self) -> QuerySet[Right]:
        return own_rights(self.me).select_related(*LINE, "backup", "agency", "family").prefetch_related("products")

    @described(_("列出知识产权"), parameters=[fields.RightsAsked], responses=fields.RightLine(many=True))
    def list(self, request: Request) -> Response:
        """Rights by filing date, the newest first, with the nearest date; filters as on the page."""
        asked = self.asked(fields.RightsAsked)
        rows = own_rights(self.me).select_related(*LINE).only(*COLUMNS)
        if "organisation" in asked:
            rows = rows.filter(organisation=own_organisation(self.me, asked["organisation"]))
        return self.page(with_nearest(narrow(rows, asked)), fields.RightLine)

    @described(_("查看一件知识产权"), responses=fields.RightOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """Everything the enterprise knows of one right."""
        return self.said(self.get_object())

    @described(_("登记知识产权"), request=fields.RightIn, responses={201: fields.RightOut})
    def create(self, request: Request) -> Response:
        """Enter a right; its dates are opened at once."""
        given = self.given(fields.RightIn)
        organisation = own_organisation(self.me, given["organisation"])
        check(self.me, Permission.EDIT_RIGHT, organisation)
        extra = {name: given[name] for name in ("status", "status_on", "status_source", "secrecy") if name in given}
        values = fields.facts(given["kind"], given)
        readers = people(given.get("readers"))
        made = rights.create(organisation, kind=given["kind"], values=values, readers=readers, by=self.me, **extra)
        return self.said(made, status=201)

    @described(_("修改知识产权"), request=fields.ChangeIn, responses=fields.RightOut)
    def partial_update(self, request: Request, number: str) -> Response:
        """Change facts; somebody else's newer change is never overwritten (409)."""
        right, given = self.get_object(), self.given(fields.ChangeIn)
        check(self.me, Permission.EDIT_RIGHT, right.organisation)
        values = fields.facts(right.kind, given, right)
        changed = {name: value for name, value in values.items() if name in given}
        return self.said(rights.update(right, values=changed, version=given["version"], by=self.me))

    @described(_("更改法律状态"), request=fields.StatusIn, responses=fields.RightOut)
    @action(detail=True, methods=["post"], url_path="change-status")
    def change_status(self, request: Request, number: str) -> Response:
        """Take a step of the status machine, or correct the status by the register's word."""
        return self.said(rights.change_status(self.get_object(), **self.given(fields.StatusIn), by=self.me))

    @described(_("设置权利负担"), request=fields.FlagsIn, responses=fields.RightOut)
    @action(detail=True, methods=["post"])
    def flags(self, request: Request, number: str) -> Response:
        """Say what rests on the right: pledge, licences, preservation."""
        return self.said(rights.set_flags(self.get_object(), **self.given(fields.FlagsIn), by=self.me))

    @described(_("设置可见范围"), request=fields.SecrecyIn, responses=fields.RightOut)
    @action(detail=True, methods=["post"])
    def secrecy(self, request: Request, number: str) -> Response:
        """Say who may know of the right."""
        right, given = self.get_object(), self.given(fields.SecrecyIn)
        readers = people(given.get("readers"))
        return self.said(rights.set_secrecy(right, secrecy=given["secrecy"], readers=readers, by=self.me))

    @described(_("分派负责人"), request=fields.AssignIn, responses=fields.RightOut)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, number: str) -> Response:
        """Say who answers for the right, who stands in, and which agency is mandated."""
        right, given = self.get_object(), self.given(fields.AssignIn)
        agency = given["agency"] and get_object_or_404(Organisation, number=given["agency"], kind="agency")
        seats = {name: person(given[name], name) for name in ("responsible", "backup")}
        return self.said(bulk.assign(right, **seats, agency=agency or None, by=self.me))

    @described(_("设置专利族和产品"), request=fields.LinksIn, responses=fields.RightOut)
    @action(detail=True, methods=["post"])
    def links(self, request: Request, number: str) -> Response:
        """Put the right into a family and say which products use it."""
        right, given = self.get_object(), self.given(fields.LinksIn)
        check(self.me, Permission.EDIT_RIGHT, right.organisation)
        own: dict[str, Any] = {"organisation": right.organisation_id}
        family = given["family"] and get_object_or_404(Family, number=given["family"], **own)
        products = [get_object_or_404(Product, number=wanted, **own) for wanted in given.get("products", [])]
        families.link(right, family=family or None, by=self.me)
        return self.said(families.set_products(right, products=products, by=self.me))

    @described(_("删除误登的记录"), request=fields.RemoveIn, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, number: str) -> Response:
        """Delete a record that was entered by mistake."""
        rights.remove(self.get_object(), **self.given(fields.RemoveIn), by=self.me)
        return Response(status=204)

    @described(_("批量修改"), request=fields.BulkIn, responses=fields.BulkOut)
    @action(detail=False, methods=["post"], url_path="bulk-edit")
    def bulk_edit(self, request: Request) -> Response:
        """Set one field of many rights in one go."""
        given = self.given(fields.BulkIn)
        organisation = own_organisation(self.me, given["organisation"])
        rows = own_rights(self.me).filter(organisation=organisation)
        chosen = rows.filter(number__in=given["numbers"]) if given["numbers"] else narrow(rows, given["filters"])
        value = bulk_value(organisation, given["field"], given["value"])
        done = bulk.edit(organisation, chosen=chosen, field=given["field"], value=value, by=self.me)
        return Response(self.shown(done, fields.BulkOut))

    @described(_("列出事件"), responses=fields.EventLine(many=True))
    @action(detail=True, methods=["get"])
    def events(self, request: Request, number: str) -> Response:
        """The timeline, the newest first: what happened, in words and as values, and who said so."""
        self.page_order = ("-on", "-id")
        rows = RightEvent.objects.filter(right=self.get_object()).select_related("created_by", "document")
        return self.page(rows, fields.EventLine)

    @described(_("列出官方通知书"), responses=fields.ReceivedOut(many=True))
    @action(detail=True, methods=["get"])
    def notices(self, request: Request, number: str) -> Response:
        """Notices received, the newest first."""
        self.page_order = ("-issued_on", "-id")
        return self.page(OfficialNotice.objects.filter(right=self.get_object()), fields.ReceivedOut)

    @described(_("登记官方通知书"), request=fields.NoticeIn, responses={201: fields.ReceivedOut})
    @notices.mapping.post
    def record_notice(self, request: Request, number: str) -> Response:
        """Enter a notice; the dates that run from it are open afterwards."""
        made = notices.record_notice(self.get_object(), **self.given(fields.NoticeIn), by=self.me)
        return Response(self.shown(made, fields.ReceivedOut), status=201)

    def said(self, right: Right, status: int = 200) -> Response:
        """Answer with the right as it is now; one that one may not see any more is only numbered."""
        return Response(self.shown(self.get_queryset().get(pk=right.pk), fields.RightOut), status=status)


class OfRight(SignedIn):
    """Something that hangs on one right, under its address."""

    def right(self) -> Right:
        """Return the right of the address, or 404."""
        return get_object_or_404(own_rights(self.me).select_related("organisation"), number=self.kwargs["right"])

    def kept(self) -> Right:
        """Return the right for a change; raises Denied for those who only read."""
        right = self.right()
        check(self.me, Permission.EDIT_RIGHT, right)
        return right


def bulk_value(organisation: Organisation, field: str, given: str | None) -> Any:
    """Return what a bulk edit sets: a person, an organisation, a product, a family, or a code."""
    own: dict[str, Any] = {"organisation": organisation, "number": given}
    if field in bulk.PEOPLE:
        return person(given, "value")
    if field in ("agency", "product", "family") and given:
        finders = {
            "agency": Organisation.objects.filter(number=given, kind="agency"),
            "product": Product.objects.filter(**own),
            "family": Family.objects.filter(**own),
        }
        return get_object_or_404(finders[field])
    return None if field in ("agency", "product", "family") else given or ""


class OpenRights(SignedIn):
    """Rights that are open to the officials of an area."""

    page_order = NEWEST

    def get_queryset(self) -> RightQuerySet:
        user = self.me
        rows: RightQuerySet = Right.objects.visible_to(user).filter(secrecy=Secrecy.OPEN).select_related("organisation")
        standing = standing_of(user)
        if standing.is_city:
            return rows
        return rows.filter(organisation__district__in=standing.districts)

    @described(_("列出辖区知识产权"), parameters=[fields.RightsAsked], responses=fields.OpenRightLine(many=True))
    def list(self, request: Request) -> Response:
        """Open rights of one's area, the newest first."""
        asked = self.asked(fields.RightsAsked)
        hidden = ("due", "grade", "value", "secrecy", "responsible", "agency", "product", "family")
        wanted = {name: value for name, value in asked.items() if name not in hidden}
        rows = narrow(self.get_queryset(), wanted).only(*OPEN_COLUMNS)
        if "organisation" in asked:
            rows = rows.filter(organisation__number=asked["organisation"])
        return self.page(rows, fields.OpenRightLine)

    @described(_("查看辖区一件知识产权"), responses=fields.OpenRightOut)
    def retrieve(self, request: Request, number: str) -> Response:
        """What the register says of one right."""
        return Response(self.shown(self.get_object(), fields.OpenRightOut))
