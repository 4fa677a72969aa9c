"""Firms of the oracle, stored as the portal keeps them."""

from __future__ import annotations

from typing import Any

from enterprises.models import Market, Profile
from portal.clock import now
from portal.models import District, Organisation, User
from services.protection.criteria import Criteria
from services.protection.models import Alert, AlertVersion, Watch
from tests.factories.people import make_organisation, make_user
from tests.factories.rights import make_right

from .oracle import Asked, Firm


def store(firm: Firm, by: User) -> Organisation:
    """Write a firm with all that counts for it."""
    kind = "enterprise" if firm.is_enterprise else "agency"
    organisation = make_organisation(district=firm.district, verified=firm.is_verified, kind=kind)
    Profile.objects.filter(organisation=organisation).update(industry=firm.industry, main_products=firm.products)
    for one in firm.rights:
        main, rest = (one.symbols[0], one.symbols[1:]) if one.is_patent and one.symbols else ("", one.symbols)
        extra: dict[str, Any] = {"readers": [by.pk]} if one.secrecy == "named" else {}
        make_right(
            organisation, one.kind, country=one.country, main_ipc=main, classes=list(rest), title=one.title,
            status=one.status, secrecy=one.secrecy, owners=[], **extra,
        )  # fmt: skip
    for role, places in (("export", firm.exports), ("supply", firm.supplies)):
        for country, products in places.items():
            Market.objects.create(organisation=organisation, role=role, country=country, products=products)
    for what, key in firm.watches:
        Watch.objects.create(organisation=organisation, what=what, key=key, created_by=by)
    return organisation


def make_version(asked: Asked | None = None, *, by: User | None = None, **extra: Any) -> AlertVersion:
    """Return a published edition of a new alert, straight into the tables."""
    author, reviewer = by or make_user("发布人"), make_user("复核人")
    number = f"FX-2026-{Alert.objects.count() + 1:03d}"
    moment = now()
    alert = Alert.objects.create(number=number, created_by=author, published_at=moment)
    version = edition(alert, asked, author=author, reviewer=reviewer, **extra)
    return version


def edition(alert: Alert, asked: Asked | None = None, **extra: Any) -> AlertVersion:
    """Add a published edition and make it the current one, to be matched."""
    last = alert.versions.order_by("-edition").first()
    if last is not None:
        last.stage = AlertVersion.Stage.SUPERSEDED
        last.save(update_fields=["stage"])
        extra = {"author": last.author, "reviewer": last.reviewer, **extra}
    criteria = dict(vars(asked or Asked()))
    places = dict(District.objects.values_list("slug", "code"))
    criteria["districts"] = [places[slug] for slug in criteria["districts"]]
    values = {"title": "对压力传感器发起调查", "title_en": "Investigation of pressure sensors", **criteria, **extra}
    version = AlertVersion.objects.create(
        alert=alert, edition=last.edition + 1 if last else 1, stage="published", published_at=now(), **values
    )
    alert.current, alert.status, alert.match_after = version, Alert.Status.PUBLISHED, now()
    alert.save(update_fields=["current", "status", "match_after"])
    return version


def criteria_of(asked: Asked) -> Criteria:
    """Return criteria as an edition with these fields has them."""
    places = dict(District.objects.values_list("slug", "code"))
    return Criteria.of(AlertVersion(**{**vars(asked), "districts": [places[slug] for slug in asked.districts]}))
