"""Verification: a district officer confirms once that an enterprise is who it says, by licence or by the registry."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import audit, deadlines, notifications, registry, rules
from portal.clock import now, today
from portal.errors import Denied, RuleBroken
from portal.formats import moment
from portal.models import OfficeRole, Organisation, StoredFile, User, Verification
from portal.notifications import bilingual
from portal.permissions import Permission, check

from .people import leaders_of, officials_of

SLOT = "licence"
LIMIT_RULE = "organisation.verify.limit"
SUBJECT = "verification"
HANDLERS = (OfficeRole.OFFICER, OfficeRole.SUPERVISOR)


@dataclass(frozen=True)
class Comparison:
    """One fact as filled in and as the registry has it; `verdict` is match, differ or no_data."""

    label: str
    stated: Any
    registered: Any
    verdict: str


def _folded(text: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).casefold()


def _compared(label: str, stated: Any, registered: Any) -> Comparison:
    if registered in (None, ""):
        return Comparison(label, stated, None, "no_data")
    return Comparison(label, stated, registered, "match" if _folded(stated) == _folded(registered) else "differ")


def comparisons(organisation: Organisation) -> tuple[list[Comparison], str]:
    """Return the enterprise's facts against the registry row by row, and the registry's source ("" without a row)."""
    entry = registry.lookup(organisation.uscc)
    district = entry.district_text or None if entry else None
    return [
        _compared(gettext("信用代码"), organisation.uscc, entry.uscc if entry else None),
        _compared(gettext("企业名称"), organisation.name, entry.name if entry else None),
        _compared(gettext("所在区"), organisation.district.name_zh, district),
        _compared(gettext("住所"), organisation.address, entry.address if entry else None),
        _compared(gettext("成立日期"), organisation.registered_on, entry.registered_on if entry else None),
    ], (entry.source if entry else "")


def matches_registry(organisation: Organisation) -> bool:
    """Whether the registry knows the code under this very name, so that no licence need be uploaded."""
    entry = registry.lookup(organisation.uscc)
    return entry is not None and _folded(entry.name) == _folded(organisation.name)


@transaction.atomic
def request_verification(organisation: Organisation, *, licence: StoredFile | None = None, by: User) -> Verification:
    """Ask the district to verify: with the licence, or without where the registry has the same name.

    Raises Denied; RuleBroken when verified already, under way already, or without any evidence.
    """
    check(by, Permission.REQUEST_VERIFICATION, organisation)
    organisation = (
        Organisation.objects.select_for_update(of=("self",)).select_related("district").get(pk=organisation.pk)
    )
    if organisation.is_verified:
        raise RuleBroken(_("企业已通过核实。"), code="already_verified")
    if licence is None and not matches_registry(organisation):
        raise RuleBroken(_("登记信息中没有同名企业，请上传营业执照。"), code="licence_missing")
    if licence is not None and (licence.organisation_id != organisation.pk or licence.slot != SLOT):
        raise Denied(_("这份文件不是本企业的营业执照。"), code="foreign_file")
    due_on = rules.calendar().add_workdays(today(), int(rules.value(LIMIT_RULE)))
    evidence = Verification.Evidence.LICENCE if licence else Verification.Evidence.REGISTRY
    try:
        with transaction.atomic():
            verification = Verification.objects.create(
                organisation=organisation, evidence=evidence, licence=licence, created_by=by, due_on=due_on
            )
    except IntegrityError as error:
        raise RuleBroken(_("已经申请核实，请等待所在区办理。"), code="already_requested") from error
    data = {"verification": verification.number, "evidence": evidence, "due_on": due_on.isoformat()}
    audit.record(organisation, "organisation.verification_requested", by=by, data=data)
    deadlines.open_deadline(
        organisation=organisation, subject=(SUBJECT, verification.number), rule_code="organisation.verify",
        owner="office", trigger_event="organisation.verification_requested", trigger_on=today(), target_on=due_on,
        basis=rules.row(LIMIT_RULE).basis,
    )  # fmt: skip
    values = {"organisation": organisation.name, "evidence": bilingual(evidence.label), "due": due_on.isoformat()}
    notifications.notify(
        "verification_requested", officials_of(organisation.district, *HANDLERS),
        key=f"{verification.number}:requested", values=values, link=f"/verifications/{verification.number}/",
    )  # fmt: skip
    return verification


def _require_open(verification: Verification) -> None:
    if verification.status == Verification.Status.OPEN or verification.decided_by is None:
        return
    sentence = _("%(who)s 已于 %(when)s 办理：%(status)s。") % {
        "who": verification.decided_by.name,
        "when": moment(verification.decided_at),
        "status": Verification.Status(verification.status).label,
    }
    raise RuleBroken(sentence, code="wrong_state")


@transaction.atomic
def decide_verification(verification: Verification, *, is_verified: bool, reason: str = "", by: User) -> Verification:
    """Verify or refuse with a reason; by the district's officer or supervisor who is not of this enterprise."""
    found = Verification.objects.select_for_update(of=("self",))
    verification = found.select_related("organisation__district", "decided_by", "licence").get(pk=verification.pk)
    organisation = verification.organisation
    check(by, Permission.VERIFY_ORGANISATION, organisation)
    if organisation.pk in by.standing.roles:
        raise Denied(_("您是这家企业的成员，不能核实它。"), code="conflict")
    _require_open(verification)
    if not is_verified and not reason.strip():
        raise RuleBroken(_("请写明未通过的理由，企业会看到。"), code="reason_missing")
    licence = verification.licence
    if is_verified and licence and licence.status != StoredFile.Status.CLEAN:
        raise RuleBroken(_("营业执照还没有通过安全检查，暂时不能核实。"), code="file_not_clean")
    verification.status = Verification.Status.VERIFIED if is_verified else Verification.Status.REFUSED
    verification.decided_at, verification.decided_by, verification.reason = now(), by, reason.strip()[:500]
    verification.save(update_fields=["status", "decided_at", "decided_by", "reason"])
    if is_verified:
        organisation.verified_at, organisation.verified_by = now(), by
        organisation.save(update_fields=["verified_at", "verified_by"])
    data = {"verification": verification.number, "reason": verification.reason}
    word = "organisation.verified" if is_verified else "organisation.verification_refused"
    audit.record(organisation, word, by=by, data=data)
    deadlines.meet((SUBJECT, verification.number), by=by)
    place = organisation.district
    notifications.notify(
        "verified" if is_verified else "verification_refused",
        leaders_of(organisation),
        key=f"{verification.number}:decided",
        values={
            "organisation": organisation.name,
            "office": {"zh": place.name_zh, "en": place.name_en},
            "reason": verification.reason or "—",
        },
        link=f"/organisations/{organisation.number}/verification/",
        organisation=organisation,
    )
    return verification
