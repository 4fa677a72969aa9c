"""What the enterprise record can check for a programme: adverse records and the size class."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises import industries, size_law
from enterprises.models import AdverseRecord, Profile
from enterprises.sizes import Measure, Size
from portal import kinds
from portal.formats import strung
from portal.kinds import EligibilityRule, Finding, Parameter
from portal.models import Organisation
from portal.rules import RuleMissing

ABNORMAL = (AdverseRecord.Kind.ABNORMAL_FILING, AdverseRecord.Kind.ABNORMAL_TRADEMARK)


def no_abnormal_filing(organisation: Organisation, _values: dict[str, Any]) -> Finding:
    """No abnormal application stands against the enterprise."""
    rows = list(organisation.adverse_records.filter(kind__in=ABNORMAL, resolved_on=None)[:3])
    label = gettext("没有非正常专利申请和非正常商标注册")
    if not rows:
        return Finding("no_abnormal_filing", True, label, gettext("通报清单中没有记录"))
    evidence = strung(f"{row.get_kind_display()} {row.reference}" for row in rows)
    way_out = gettext("如有出入，请联系所在区知识产权局更正记录。")
    return Finding("no_abnormal_filing", False, label, evidence, way_out)


def size_at_most(organisation: Organisation, values: dict[str, Any]) -> Finding:
    """The figures make it no larger than a class (工信部联企业〔2011〕300号); not known where one is missing."""
    wanted = Size(values["size"])
    label = gettext("规模不超过%(size)s") % {"size": size_law.SIZES[wanted]}
    size = _size_of(organisation)
    if size is None:
        way_out = gettext("请在企业资料中补填行业、从业人数和营业收入。")
        return Finding("size_at_most", None, label, gettext("资料不全，无法判断"), way_out, blocks=False)
    order = list(Size)
    is_met = order.index(size) <= order.index(wanted)
    evidence = gettext("按自报数据划为%(size)s") % {"size": size_law.SIZES[size]}
    way_out = "" if is_met else gettext("如有出入，请更新企业资料。")
    return Finding("size_at_most", is_met, label, evidence, way_out)


def _size_of(organisation: Organisation) -> Size | None:
    profile = Profile.objects.filter(organisation=organisation).first()
    if profile is None or not profile.industry or profile.staff is None or profile.revenue_wan is None:
        return None
    values = {Measure.STAFF: Decimal(profile.staff), Measure.REVENUE: profile.revenue_wan}
    try:
        return size_law.size_of(industries.industry_of(profile.industry), values).size
    except (KeyError, RuleMissing, industries.UnknownIndustry):
        return None


def sizes() -> list[tuple[str, object]]:
    """Return the choices of the rule about size."""
    return [(size.value, size_law.SIZES[size]) for size in (Size.MICRO, Size.SMALL, Size.MEDIUM)]


RULES = (
    EligibilityRule("no_abnormal_filing", _("没有非正常申请记录"), no_abnormal_filing),
    EligibilityRule("size_at_most", _("规模不超过某一类"), size_at_most, (Parameter("size", _("规模"), sizes),)),
)


def register() -> None:
    """Make the rules known to the editor of programmes."""
    for rule in RULES:
        kinds.register_rule(rule)
