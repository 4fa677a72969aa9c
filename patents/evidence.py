"""What the register knows beside an application's answers: counted from open rights alone, in one statement.

Rights that an enterprise keeps from officials never count, whoever reads: neither as a number nor as a difference.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patents.dates.codes import ANNUITY
from patents.models import Right, RightKind
from patents.models.rights import ALIVE, IN_FORCE, LegalStatus
from portal import kinds
from portal.clock import today
from portal.kinds import Fact
from portal.models import Deadline, Membership, Organisation, Secrecy

PATENTS = (RightKind.INVENTION, RightKind.UTILITY_MODEL, RightKind.DESIGN)


def facts_of(organisation: Organisation, reader: Any) -> list[Fact]:
    """Return the register's figures for one enterprise; without a value where the register holds nothing yet."""
    found = _counted(organisation)
    source = _("知识产权台账（企业维护，只计公开登记的权利）")
    as_of, url = found["newest"], _link(organisation, reader)
    rows = (
        ("valid_inventions", _("有效发明专利"), "profile.valid_inventions"),
        ("valid_patents", _("有效专利"), "profile.valid_patents"),
        ("trademarks", _("有效商标"), "profile.trademarks"),
        ("high_value", _("高价值发明专利"), ""),
        ("annuities_late", _("年费已过期限未缴"), ""),
        ("in_the_air", _("没有负责人的权利"), ""),
    )
    is_empty = not found["all"]
    return [
        Fact(
            code,
            label,
            _("台账中没有权利") if is_empty else _pieces(found[code]),
            source,
            value=None if is_empty else found[code],
            answers=answers,
            as_of=as_of,
            url=url if found[code] else "",
            is_doubtful=code in ("annuities_late", "in_the_air") and found[code] > 0,
        )
        for code, label, answers in rows
    ]


def _pieces(count: int) -> str:
    return ngettext("%(count)s 件", "%(count)s 件", count) % {"count": count}


def _counted(organisation: Organisation) -> dict[str, Any]:
    """Count everything in one statement over the enterprise's open rights."""
    rights = Right.objects.filter(organisation=organisation, secrecy=Secrecy.OPEN)
    late = Deadline.objects.open().filter(
        subject_type="right", subject_number=OuterRef("number"), rule_code=ANNUITY, legal_on__lt=today()
    )
    keepers = Membership.objects.open().filter(
        organisation=organisation, user=OuterRef("responsible"), user__is_active=True
    )
    rights = rights.annotate(is_late=Exists(late), is_kept=Exists(keepers))
    in_force = Q(status__in=IN_FORCE)
    return rights.aggregate(
        all=Count("pk"),
        newest=Max("updated_at"),
        valid_inventions=Count("pk", filter=in_force & Q(kind=RightKind.INVENTION)),
        valid_patents=Count("pk", filter=in_force & Q(kind__in=PATENTS)),
        trademarks=Count("pk", filter=in_force & Q(kind=RightKind.TRADEMARK)),
        high_value=Count("pk", filter=in_force & Q(is_high_value=True)),
        annuities_late=Count("pk", filter=Q(is_late=True) | Q(status=LegalStatus.IN_GRACE, kind__in=PATENTS)),
        in_the_air=Count("pk", filter=Q(status__in=ALIVE, is_kept=False)),
    )


def _link(organisation: Organisation, reader: Any) -> str:
    """Return the list of these rights for whoever sees the enterprise; others in charge of the case read figures."""
    standing = reader.standing
    if not standing.is_city and organisation.district_id not in standing.districts:
        return ""
    return f"{reverse('rights')}?{urlencode({'q': organisation.name})}"


def register() -> None:
    """Lay the register's figures beside the answers."""
    kinds.register_evidence(facts_of)
