"""Rules of eligibility that the portal itself can check; workstreams register theirs beside them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import kinds
from portal.clock import today
from portal.formats import day
from portal.kinds import EligibilityRule, Finding, Parameter
from portal.models import District, Organisation, Recognition
from portal.procedures import add_months


def verified(organisation: Organisation, _values: dict[str, Any]) -> Finding:
    """The district has checked the enterprise's licence. A draft may be begun before; submitting waits for it."""
    label = gettext("企业已通过所在区核实")
    if organisation.is_verified:
        return Finding("verified", True, label, gettext("已核实"))
    way_out = gettext("可以先填报；请尽快申请企业核实。")
    return Finding("verified", False, label, gettext("还没有核实"), way_out, blocks=False)


def registered_years(organisation: Organisation, values: dict[str, Any]) -> Finding:
    """The enterprise has existed for a number of years."""
    years, since = int(values["years"]), organisation.registered_on
    label = gettext("成立满 %(years)s 年") % {"years": years}
    if since is None:
        way_out = gettext("请在企业资料中补填成立日期。")
        return Finding("registered_years", None, label, gettext("没有成立日期"), way_out, blocks=False)
    complete_on = add_months(since, 12 * years)
    is_met = complete_on <= today()
    way_out = "" if is_met else gettext("%(day)s 满足，可申报之后的批次。") % {"day": day(complete_on)}
    return Finding("registered_years", is_met, label, gettext("%(since)s 成立") % {"since": day(since)}, way_out)


def in_district(organisation: Organisation, values: dict[str, Any]) -> Finding:
    """The enterprise is registered in one district."""
    wanted = District.objects.filter(pk=values["district"]).first()
    label = gettext("注册地在%(district)s") % {"district": wanted or values["district"]}
    evidence = gettext("所在区：%(district)s") % {"district": organisation.district}
    is_met = organisation.district_id == values["district"]
    way_out = "" if is_met else gettext("请查看所在区的批次。")
    return Finding("in_district", is_met, label, evidence, way_out)


ENDED = (Recognition.Status.REVOKED, Recognition.Status.FAILED, Recognition.Status.EXPIRED)


def not_recognised(organisation: Organisation, values: dict[str, Any]) -> Finding:
    """The enterprise holds no valid recognition of a kind."""
    held = organisation.recognitions.filter(kind=values["kind"]).exclude(status__in=ENDED).first()
    title = kinds.title_of(values["kind"])
    label = gettext("尚未被认定为“%(title)s”") % {"title": title}
    if held is None:
        return Finding("not_recognised", True, label, gettext("本平台没有相关认定"))
    way_out = gettext("已认定的单位不必再次申报。")
    return Finding("not_recognised", False, label, f"{title} {held.number}", way_out)


def recognised(organisation: Organisation, values: dict[str, Any]) -> Finding:
    """The enterprise holds a valid recognition of a kind already: the step before this one."""
    held = organisation.recognitions.filter(kind=values["kind"]).exclude(status__in=ENDED).first()
    title = kinds.title_of(values["kind"])
    label = gettext("已被认定为“%(title)s”") % {"title": title}
    if held is not None:
        return Finding("recognised", True, label, held.number)
    return Finding(
        "recognised", False, label, gettext("本平台没有相关认定"), gettext("请先申报“%(title)s”。") % {"title": title}
    )


def all_kinds() -> list[tuple[str, object]]:
    """Return the choices of a rule about another kind."""
    return [(kind.code, kind.title) for kind in kinds.everything()]


def all_districts() -> list[tuple[str, object]]:
    """Return the choices of a rule about a place."""
    return [(place.pk, str(place)) for place in District.objects.all()]


KIND = Parameter("kind", _("事项"), all_kinds)
RULES = (
    EligibilityRule("verified", _("企业已通过所在区核实"), verified),
    EligibilityRule(
        "registered_years",
        _("成立满若干年"),
        registered_years,
        (Parameter("years", _("年数"), low=1, high=50, unit=_("年")),),
    ),
    EligibilityRule("in_district", _("注册地在某区"), in_district, (Parameter("district", _("区"), all_districts),)),
    EligibilityRule("not_recognised", _("尚未获得某项认定"), not_recognised, (KIND,)),
    EligibilityRule("recognised", _("已经获得某项认定"), recognised, (KIND,)),
)


def register() -> None:
    """Make the rules known to the editor of programmes."""
    for rule in RULES:
        kinds.register_rule(rule)
