"""Which rights a page is about: those of the hat one wears, never more than one may see."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from patents.models import Family, Product, Right
from patents.models.rights import RightQuerySet
from portal.errors import Denied
from portal.formats import is_english
from portal.hats import Hat, enterprise_of, hat_of
from portal.models import District, Membership, Organisation, Secrecy, User
from portal.permissions import Permission, can

NO_REGISTER = _("知识产权台账属于企业和主管部门。请先加入或登记企业。")


def rows_of(hat: Hat, user: Any) -> RightQuerySet:
    """Return the rights of the present hat: an enterprise's and its mandates, or the open ones of an area."""
    rows: RightQuerySet = Right.objects.visible_to(user)
    if hat.organisation is not None:
        return rows.filter(organisation=hat.organisation)
    if hat.kind == "city":
        return rows.filter(secrecy=Secrecy.OPEN)
    if hat.kind == "district" and hat.office is not None:
        return rows.filter(secrecy=Secrecy.OPEN, organisation__district=hat.office.district_id)
    return rows.none()


def mandates_of(hat: Hat, user: Any) -> RightQuerySet:
    """Return the rights of clients: those that name the enterprise of this hat as their agency."""
    rows: RightQuerySet = Right.objects.visible_to(user)
    return rows.filter(agency=hat.organisation) if hat.organisation else rows.none()


class Scoped:
    """For pages of the register: the hat, its rights, what its person may do. Refuses people who belong nowhere."""

    request: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and hat_of(request).kind not in ("enterprise", "district", "city"):
            raise Denied(NO_REGISTER)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @property
    def hat(self) -> Hat:
        return hat_of(self.request)

    @property
    def organisation(self) -> Organisation:
        """Return the enterprise of this hat; raises Denied for officials."""
        return enterprise_of(self.request, _("这是企业自己的页面。"))

    def rows(self) -> RightQuerySet:
        """Return the rights of the hat, an agency's mandates with them."""
        hat, user = self.hat, self.request.user
        own = rows_of(hat, user)
        if hat.organisation is not None and hat.organisation.kind == Organisation.Kind.AGENCY:
            return own | mandates_of(hat, user)
        return own

    def may(self, permission: Permission) -> Any:
        return can(self.request.user, permission, self.organisation)


def members_of(organisation: Organisation) -> list[tuple[int, str]]:
    """Return the present members as choices."""
    seats = Membership.objects.open().filter(organisation=organisation, user__is_active=True)
    return list(seats.order_by("user__name", "pk").values_list("user_id", "user__name"))


def member(organisation: Organisation, pk: str) -> User | None:
    """Return a member by key, None for none; the action refuses anybody else."""
    return User.objects.filter(pk=int(pk)).first() if str(pk).isdecimal() else None


def choices_of(hat: Hat) -> dict[str, list[tuple[Any, str]]]:
    """Return what the filters offer in this hat."""
    if hat.organisation is None:
        if hat.kind != "city":
            return {}
        name = "name_en" if is_english() else "name_zh"
        return {"district": list(District.objects.values_list("code", name))}
    found: dict[str, list[tuple[Any, str]]] = {}
    for which, value, words in _offers(hat.organisation):
        found.setdefault(which, []).append((value, words))
    return found


def _offers(organisation: Organisation) -> Any:
    """Yield (filter, value, words) in one statement."""
    seats = Membership.objects.open().filter(organisation=organisation, user__is_active=True)
    mandates = Right.objects.filter(organisation=organisation, agency__isnull=False)
    agencies = Organisation.objects.filter(pk__in=mandates.values("agency"))
    own = {"organisation": organisation}
    parts = [
        _offer("responsible", seats, Cast("user_id", CharField()), "user__name"),
        _offer("agency", agencies, "number", "name"),
        _offer("product", Product.objects.filter(**own), "number", "name"),
        _offer("family", Family.objects.filter(**own), "number", "title"),
    ]
    return parts[0].union(*parts[1:], all=True).order_by("which", "words")[:600]


def _offer(which: str, rows: Any, value: Any, words: str) -> Any:
    value = F(value) if isinstance(value, str) else value
    text = CharField()
    named = rows.order_by().annotate(which=Value(which), key=Cast(value, text), words=Cast(F(words), text))
    return named.values_list("which", "key", "words")
