"""The enterprise's own records behind the reasons of an alert: which rights, which market, since when."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from enterprises.models import Market, Profile
from patents.models import Right, RightKind
from portal import formats
from portal.models import Organisation
from services.protection import classes

MOST = 5
TEXT = TextField()


def of(organisation: Organisation, reasons: list[dict[str, Any]], user: Any) -> list[dict[str, Any]]:
    """Return per reason {items: [{label, url}], more, on}; a right this person may not know of is left out."""
    signs = Concat(
        "main_ipc",
        Value(" "),
        Func("classes", Value(" "), function="array_to_string", output_field=TEXT),
        output_field=TEXT,
    )
    rights = Right.objects.visible_to(user).filter(organisation=organisation, secrecy="open").alive()
    rights = rights.annotate(signs=signs)
    markets = list(Market.objects.filter(organisation=organisation))
    return [_record(reason, rights, markets, organisation) for reason in reasons]


def _record(
    reason: dict[str, Any], rights: QuerySet[Right], markets: list[Market], organisation: Organisation
) -> dict[str, Any]:
    code, values = reason["code"], reason.get("values", {})
    if code in {"exports", "supplies"}:
        role = Market.Role.EXPORT if code == "exports" else Market.Role.SUPPLY
        return _market([row for row in markets if row.role == role and row.country == values["country"]])
    if code == "industry":
        return _profile(organisation)
    wanted = _wanted(code, values)
    return _rights(rights.filter(wanted)) if wanted is not None else {"items": [], "more": 0, "on": None}


def _wanted(code: str, values: dict[str, Any]) -> Q | None:
    """Return which rights a reason counted; None where it counted none."""
    place = Q(country=values["country"]) if values.get("country") else Q()
    if code in {"rights_topic", "rights_abroad_topic", "marks"}:
        if values.get("nice"):
            return place & Q(kind=RightKind.TRADEMARK, classes__overlap=_nice(values["nice"]))
        return place & _ipc(str(values.get("ipc", "")))
    if code == "rights_abroad":
        return place
    if code == "kinds":
        return Q(kind=values["kind"])
    if code == "keyword":
        word = values["word"]
        return Q(title__icontains=word) | Q(abstract__icontains=word) | Q(goods__icontains=word)
    return None


def _nice(number: Any) -> list[str]:
    return [str(number), f"{int(number):02d}"]


def _ipc(pattern: str) -> Q:
    """Match a pattern at its group boundary, in the main class and the others: "G01L 9/*" never finds G01L 90."""
    key = classes.ipc_key(pattern)
    head, group = key[:4], key[4:]
    if not group:
        return Q(signs__iregex=rf"(^|\s){head}")
    after = r"(\s|$)" if "/" in group else r"(/|\s|$)"
    return Q(signs__iregex=rf"(^|\s){head}\s*0*{group}{after}")


def _rights(rows: QuerySet[Right]) -> dict[str, Any]:
    found = list(
        rows.only("number", "title", "application_number", "country", "updated_at").order_by("-filed_on")[: MOST + 1]
    )
    items = [
        {
            "label": formats.strung([right.application_number or right.country, right.title]),
            "url": reverse("right", args=[right.number]),
        }
        for right in found[:MOST]
    ]
    return {"items": items, "more": len(found) > MOST, "on": max((right.updated_at for right in found), default=None)}


def _market(rows: list[Market]) -> dict[str, Any]:
    items = []
    for row in rows:
        parts = [row.products]
        if row.share_percent is not None:
            parts.append(_("占 %(share)s%%") % {"share": formats.number(row.share_percent)})
        if row.year:
            parts.append(_("%(year)s 年") % {"year": row.year})
        items.append({"label": formats.listed(part for part in parts if part) or row.get_role_display(), "url": ""})
    return {"items": items, "more": False, "on": max((row.updated_at for row in rows), default=None)}


def _profile(organisation: Organisation) -> dict[str, Any]:
    profile = Profile.objects.filter(organisation=organisation).only("industry", "updated_at").first()
    items = [{"label": formats.labelled(_("行业"), profile.industry), "url": ""}] if profile else []
    return {"items": items, "more": False, "on": profile.updated_at if profile else None}
