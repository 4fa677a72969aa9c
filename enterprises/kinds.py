"""The first kinds of application: municipal pilot unit and municipal demonstration unit (clause 5, rules A8)."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.models import AdverseRecord, Profile
from portal import kinds, rules
from portal.clock import today
from portal.formats import day, strung
from portal.kinds import Finding, Kind, Prefilled
from portal.models import Organisation, Recognition
from portal.procedures import add_months

PILOT = "municipal_pilot"
DEMONSTRATION = "municipal_demonstration"


def eligibility_of_pilot(organisation: Organisation) -> list[Finding]:
    """Return the verdicts for a pilot unit (沪知局〔2017〕62号; the 2021 call for the last one)."""
    return [*_common(organisation), _no_title(organisation, PILOT)]


def eligibility_of_demonstration(organisation: Organisation) -> list[Finding]:
    """Return the verdicts for a demonstration unit."""
    return [*_common(organisation), _no_title(organisation, DEMONSTRATION)]


def _common(organisation: Organisation) -> list[Finding]:
    return [
        _registered_long_enough(organisation),
        _legal_person(organisation),
        _in_shanghai(organisation),
        _no_record(
            organisation,
            "no_abnormal_filings",
            (AdverseRecord.Kind.ABNORMAL_FILING, AdverseRecord.Kind.ABNORMAL_TRADEMARK),
        ),
        _no_record(organisation, "no_economy_commission_title", (AdverseRecord.Kind.OTHER_TITLE,)),
    ]


def _source(code: str) -> str:
    row = rules.row(f"municipal_unit.{code}", unverified=True)
    return f"{row.basis} · {row.source}"


def _registered_long_enough(organisation: Organisation) -> Finding:
    years = int(rules.value("municipal_unit.registered_years"))
    since = organisation.registered_on
    label = gettext("在本市注册满 %(years)s 年") % {"years": years}
    if since is None:
        return Finding(
            "registered_years", None, label, gettext("没有成立日期"), gettext("请在企业资料中补填成立日期。"),
            _source("registered_years"), blocks=False,
        )  # fmt: skip
    complete_on = add_months(since, 12 * years)
    is_met = complete_on <= today()
    evidence = gettext("%(since)s 成立") % {"since": day(since)}
    way_out = "" if is_met else gettext("%(day)s 满足，可申报之后的批次。") % {"day": day(complete_on)}
    return Finding("registered_years", is_met, label, evidence, way_out, _source("registered_years"))


def _legal_person(organisation: Organisation) -> Finding:
    is_met = organisation.is_legal_person
    evidence = gettext("登记为独立法人") if is_met else gettext("登记为分支机构或非法人")
    way_out = "" if is_met else gettext("请由具有法人资格的总公司申报。")
    code = "independent_legal_person"
    return Finding(code, is_met, gettext("具有独立法人资格"), evidence, way_out, _source(code))


def _in_shanghai(organisation: Organisation) -> Finding:
    evidence = gettext("所在区：%(district)s") % {"district": organisation.district}
    return Finding("in_shanghai", True, gettext("注册地在上海市"), evidence, "", _source("in_shanghai"))


def _no_record(organisation: Organisation, code: str, wanted: tuple[str, ...]) -> Finding:
    rows = list(organisation.adverse_records.filter(kind__in=wanted, resolved_on=None)[:3])
    labels = {
        "no_abnormal_filings": gettext("没有非正常专利申请和非正常商标注册"),
        "no_economy_commission_title": gettext("没有被市经信部门认定为知识产权示范或优势企业"),
    }
    if not rows:
        evidence = gettext("通报清单中没有记录")
        return Finding(code, True, labels[code], evidence, "", _source(code))
    evidence = strung(f"{row.get_kind_display()} {row.reference}" for row in rows)
    way_out = gettext("如有出入，请联系所在区知识产权局更正记录。")
    return Finding(code, False, labels[code], evidence, way_out, _source(code))


def _no_title(organisation: Organisation, kind: str) -> Finding:
    """A demonstration unit may not apply again; a valid pilot unit has no reason to apply as a pilot."""
    barring = {PILOT: (PILOT, DEMONSTRATION), DEMONSTRATION: (DEMONSTRATION,)}[kind]
    ended = (Recognition.Status.REVOKED, Recognition.Status.FAILED)
    rows = organisation.recognitions.filter(kind__in=barring).exclude(status__in=ended)
    held = next((row for row in rows if row.kind == DEMONSTRATION or row.status == Recognition.Status.VALID), None)
    label = gettext("尚未被认定为同级或更高的示范单位")
    code = "no_repeat_demonstration"
    if held is None:
        return Finding(code, True, label, gettext("本平台没有相关认定"), "", _source(code))
    evidence = f"{kinds.title_of(held.kind)} {held.number}"
    way_out = gettext("已认定的单位不必再次申报；试点单位可申报示范单位。")
    return Finding(code, False, label, evidence, way_out, _source(code))


FIELDS = (
    "staff",
    "rd_staff",
    "ip_staff",
    "revenue_wan",
    "rd_spend_wan",
    "ip_spend_wan",
    "valid_inventions",
    "valid_patents",
    "trademarks",
    "main_products",
    "industry",
)


PREFILLS = {
    "organisation.name": _("企业名称"),
    "organisation.uscc": _("统一社会信用代码"),
    "organisation.address": _("企业地址"),
    "organisation.registered_on": _("成立日期"),
    "profile.staff": _("从业人数"),
    "profile.rd_staff": _("研发人员"),
    "profile.ip_staff": _("专职知识产权人员"),
    "profile.revenue_wan": _("营业收入（万元）"),
    "profile.rd_spend_wan": _("研发投入（万元）"),
    "profile.ip_spend_wan": _("知识产权经费（万元）"),
    "profile.valid_inventions": _("有效发明专利（件）"),
    "profile.valid_patents": _("有效专利总数（件）"),
    "profile.trademarks": _("注册商标（件）"),
    "profile.main_products": _("主营产品或服务"),
    "profile.industry": _("行业（GB/T 4754）"),
    "profile.has_ip_office": _("设有知识产权管理机构"),
}


def prefill(organisation: Organisation) -> dict[str, Prefilled]:
    """Return what the enterprise record knows, by prefill name, with where it comes from."""
    known = {
        "organisation.name": Prefilled(organisation.name, "organisation"),
        "organisation.uscc": Prefilled(organisation.uscc, "organisation"),
        "organisation.address": Prefilled(organisation.address or None, "organisation"),
    }
    if organisation.registered_on:
        known["organisation.registered_on"] = Prefilled(organisation.registered_on.isoformat(), "organisation")
    profile = Profile.objects.filter(organisation=organisation).first()
    if profile is not None:
        for name in FIELDS:
            value = getattr(profile, name)
            known[f"profile.{name}"] = Prefilled(str(value) if value not in (None, "") else None, "profile")
        if profile.has_ip_office is not None:
            known["profile.has_ip_office"] = Prefilled("yes" if profile.has_ip_office else "no", "profile")
    return known


def register() -> None:
    """Make the kinds, and what the enterprise record can prefill, known to the portal."""
    kinds.register_prefill(PREFILLS, prefill)
    kinds.register(
        Kind(
            code=PILOT,
            prefix="SQ",
            title=_("上海市企事业专利工作试点单位"),
            clause=5,
            certificate_prefix="SD",
            certificate_title=_("上海市企事业专利工作试点单位证书"),
            eligibility=eligibility_of_pilot,
            prefill=prefill,
        )
    )
    kinds.register(
        Kind(
            code=DEMONSTRATION,
            prefix="SF",
            title=_("上海市企事业专利工作示范单位"),
            clause=5,
            certificate_prefix="SFD",
            certificate_title=_("上海市企事业专利工作示范单位证书"),
            eligibility=eligibility_of_demonstration,
            prefill=prefill,
        )
    )
