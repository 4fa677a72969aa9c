"""Which columns of a right an import may fill, and how SQL reads them from a staged row."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# Column -> its type in a staged row. What is not named here an import never touches.
TYPES: dict[str, str] = {
    **{"kind": "text", "country": "text", "title": "text", "title_en": "text", "abstract": "text"},
    **{"application_number": "text", "publication_number": "text", "registration_number": "text"},
    **{"international_number": "text", "priority_number": "text", "priority_on": "date", "filed_on": "date"},
    **{"published_on": "date", "granted_on": "date", "expires_on": "date", "ended_on": "date"},
    **{"owners": "text[]", "inventors": "text[]", "agent": "text", "main_ipc": "text", "classes": "text[]"},
    **{"goods": "text", "status": "text", "status_on": "date", "reduction": "text", "paid_year": "integer"},
    "note": "text",
}
# What people choose from on the mapping page, in this order; "" leaves a column out.
LABELS: dict[str, object] = {
    "kind": _("类型"),
    "country": _("国家或地区"),
    "application_number": _("申请号或专利号"),
    "publication_number": _("公开（公告）号"),
    "grant_number": _("授权公告号"),
    "registration_number": _("注册号或登记号"),
    "international_number": _("国际申请号或注册号"),
    "title": _("名称"),
    "title_en": _("英文名称"),
    "abstract": _("摘要"),
    "filed_on": _("申请日"),
    "document_on": _("公开（公告）日"),
    "published_on": _("公布日或初审公告日"),
    "granted_on": _("授权公告日或注册日"),
    "priority_number": _("优先权号"),
    "priority_on": _("最早优先权日"),
    "expires_on": _("届满日"),
    "ended_on": _("终止日"),
    "owners": _("权利人"),
    "applicants": _("申请人"),
    "uscc": _("统一社会信用代码"),
    "inventors": _("发明人"),
    "agent": _("代理机构"),
    "main_ipc": _("主分类号"),
    "classes": _("分类号或类别"),
    "goods": _("商品或服务"),
    "status": _("法律状态"),
    "validity": _("有效性（有效、失效、审中）"),
    "status_on": _("状态日期"),
    "reduction": _("费减"),
    "paid_year": _("年费已缴至第几年"),
    "note": _("备注"),
}
RECORD = ", ".join(
    f"{name} {kind}" for name, kind in {**TYPES, "_title": "text", "_status": "text", "_route": "text"}.items()
)


def label(name: str) -> str:
    """Return a field in words; a name nobody knows stays as it is."""
    return str(LABELS.get(name, name))
