"""One change to many rights: a few statements whatever their number, one line in each timeline, one in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from patents import rights
from patents.models import Family, Flag, Grade, Product, Reduction, Right, RightEvent, RightKind
from patents.models.rights import RightQuerySet
from portal import audit
from portal.clock import now, today
from portal.errors import RuleBroken
from portal.models import Membership, Organisation, Secrecy, User
from portal.permissions import Permission, check

MOST = 5_000
FIELDS = {
    "responsible": _("负责人"),
    "backup": _("备用联系人"),
    "agency": _("受托机构"),
    "grade": _("分级"),
    "flag": _("加上权利负担"),
    "unflag": _("去掉权利负担"),
    "product": _("使用该权利的产品"),
    "family": _("专利族"),
    "reduction": _("费减"),
    "secrecy": _("可见范围"),
}
PEOPLE = frozenset(["responsible", "backup"])
FOLLOWED = frozenset(["responsible", "backup", "agency", "secrecy"])


@dataclass(frozen=True)
class Outcome:
    """How many rights were changed, how many already were so, and how many may not be so."""

    done: int
    same: int
    left_out: int


@transaction.atomic
def edit(organisation: Organisation, *, chosen: RightQuerySet, field: str, value: Any, by: User) -> Outcome:
    """Set one field of the chosen rights of an enterprise that this person may know of; see FIELDS.

    `value` is a user, an organisation, a product, a family, a code, or None to empty it. Secrecy takes open or
    internal; trade secrets and drafts that may not be so open are left out. Raises Denied, RuleBroken beyond MOST.
    """
    check(by, Permission.STEER_RIGHT, organisation)
    _require_value(organisation, field, value)
    rows = chosen.visible_to(by).filter(organisation=organisation)
    held = list(rows.select_for_update(of=("self",)).order_by("pk")[: MOST + 1])
    if len(held) > MOST:
        raise RuleBroken(
            _("一次最多修改 %(most)s 件。请用筛选缩小范围，再分批修改。") % {"most": MOST}, code="too_many"
        )
    fit = [right for right in held if _fits(right, field, value)]
    different = [right for right in fit if _before(right, field, value) != _after(field, value)]
    _apply(different, field, value, by)
    data = {"field": field, "count": len(different)}
    audit.record(organisation, "right.bulk_edited", by=by, data=data)
    return Outcome(len(different), len(fit) - len(different), len(held) - len(fit))


def assign(
    right: Right, *, responsible: User | None, backup: User | None, agency: Organisation | None, by: User
) -> Right:
    """Say who answers for one right, who stands in, and which agency is mandated."""
    chosen, home = Right.objects.filter(pk=right.pk), right.organisation
    with transaction.atomic():
        rights.locked(right, by, Permission.STEER_RIGHT)
        for field, value in (("responsible", responsible), ("backup", backup), ("agency", agency)):
            edit(home, chosen=chosen, field=field, value=value, by=by)
    right.refresh_from_db()
    return right


def _require_value(organisation: Organisation, field: str, value: Any) -> None:
    known: dict[str, list[str]] = {
        "grade": ["", *Grade.values],
        "flag": Flag.values,
        "unflag": Flag.values,
        "reduction": Reduction.values,
        "secrecy": [Secrecy.OPEN, Secrecy.INTERNAL],
    }
    if field not in FIELDS or (field in known and value not in known[field]):
        raise RuleBroken(_("请选择要改成什么。"), code="unknown_field")
    if field in PEOPLE and value is not None:
        seats = Membership.objects.open().filter(organisation=organisation, user=value, user__is_active=True)
        if not seats.exists():
            raise RuleBroken(_("只能指定本企业的现任成员。"), code="not_a_member")
    if field == "agency" and value is not None and value.kind != Organisation.Kind.AGENCY:
        raise RuleBroken(_("受托机构必须是已登记的代理机构。"), code="not_an_agency")
    if isinstance(value, Product | Family) and value.organisation_id != organisation.pk:
        raise RuleBroken(_("这不是本企业的产品或专利族。"), code="foreign")
    if field == "product" and value is None:
        raise RuleBroken(_("请选择要改成什么。"), code="unknown_field")


def _fits(right: Right, field: str, value: Any) -> bool:
    if field == "secrecy":
        is_open_draft = right.status == "draft" and value == Secrecy.OPEN
        return right.kind != RightKind.TRADE_SECRET and not is_open_draft
    if field == "reduction":
        return right.kind in (RightKind.INVENTION, RightKind.UTILITY_MODEL, RightKind.DESIGN)
    return True


def _before(right: Right, field: str, value: Any) -> Any:
    if field in ("flag", "unflag"):
        return value in right.flags
    if field == "product":
        return False  # a second link of the same product is ignored by the database
    return getattr(right, f"{field}_id", None) if field in (*PEOPLE, "agency", "family") else getattr(right, field)


def _after(field: str, value: Any) -> Any:
    if field in ("flag", "unflag"):
        return field == "flag"
    return True if field == "product" else getattr(value, "pk", value)


def _apply(held: list[Right], field: str, value: Any, by: User) -> None:
    pks = [right.pk for right in held]
    moment, rows = now(), Right.objects.filter(pk__in=pks)
    if field in ("flag", "unflag"):
        for right in held:
            right.flags = sorted({*right.flags, value} if field == "flag" else {*right.flags} - {value})
        Right.objects.bulk_update(held, ["flags"], batch_size=MOST)
    elif field == "product":
        links = Right.products.through.objects
        links.bulk_create(
            [Right.products.through(right_id=pk, product_id=value.pk) for pk in pks], ignore_conflicts=True
        )
    elif field == "grade":
        rows.update(grade=value, is_grade_manual=bool(value))
    elif field == "secrecy":
        rows.update(secrecy=value, readers=[])
    else:
        rows.update(**{field: value}, **({"reduction_from": None} if field == "reduction" else {}))
    rows.update(version=F("version") + 1, updated_at=moment)
    words = {field: {"to": _said(value)}}
    events = (
        RightEvent(right_id=pk, kind="changed", on=today(), data=words, created_by=by, created_at=moment) for pk in pks
    )
    RightEvent.objects.bulk_create(events, batch_size=1_000)
    if field in FOLLOWED:
        rights.follow_right(pks)
    rights.changed(pks)


def _said(value: Any) -> Any:
    return str(getattr(value, "name", "") or value or "")
