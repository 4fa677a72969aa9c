"""Periods of international filings: PCT into China and elsewhere, Madrid, Hague.

Whether a foreign office is closed on the last day is not known here, so those periods never roll: early is safe.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from patents.catalogue.entries import Domain, Entry, Severity, Start
from patents.periods import Roll

PRIORITY = _("优先权日")
REGISTERED = _("国际注册日")
EXTENSIONS = _("个别国家可以缴费延长，以当地代理机构确认为准。")

OFFICES: dict[str, Any] = {
    "us": _("美国"),
    "ep": _("欧洲专利局"),
    "jp": _("日本"),
    "kr": _("韩国"),
    "de": _("德国"),
    "gb": _("英国"),
    "in": _("印度"),
    "br": _("巴西"),
    "ca": _("加拿大"),
    "au": _("澳大利亚"),
    "ru": _("俄罗斯"),
    "sg": _("新加坡"),
    "my": _("马来西亚"),
    "th": _("泰国"),
    "vn": _("越南"),
    "id": _("印度尼西亚"),
    "ph": _("菲律宾"),
    "mx": _("墨西哥"),
    "za": _("南非"),
    "sa": _("沙特阿拉伯"),
    "ae": _("阿联酋"),
    "il": _("以色列"),
}


def _national(code: str, title: Any, caution: Any = "") -> Entry:
    return Entry(
        code,
        title,
        PRIORITY,
        _("在该局的申请效力终止"),
        domain=Domain.FOREIGN,
        roll=Roll.NONE,
        severity=Severity.SERIOUS,
        caution=caution,
    )


PCT_ENTRIES = (
    Entry("pct_filing", _("提出 PCT 国际申请"), PRIORITY, _("优先权丧失"), severity=Severity.SERIOUS),
    Entry(
        "pct_national_cn",
        _("PCT 进入中国国家阶段"),
        PRIORITY,
        _("缴纳宽限费可再延两个月"),
        severity=Severity.COSTLY,
    ),
    Entry(
        "pct_national_cn_late",
        _("PCT 进入中国国家阶段：缴宽限费后的最晚日"),
        PRIORITY,
        _("在中国的效力终止，不适用正当理由的恢复"),
    ),
    *(
        _national(f"pct_national_{code}", name, EXTENSIONS if code in {"ph", "za"} else "")
        for code, name in OFFICES.items()
    ),
    _national(
        "pct_national_other",
        _("其他国家或者地区"),
        _("除卢森堡、坦桑尼亚外不短于此；未核实的局一律按此推算，以当地代理机构确认为准。"),
    ),
    Entry(
        "hk_record_from_publication",
        _("香港标准专利：记录请求，自指定专利申请公布"),
        _("中国、欧洲（英国）或者英国申请的公布日"),
        _("不能取得香港标准专利（转录）"),
        domain=Domain.FOREIGN,
        roll=Roll.NONE,
    ),
    Entry(
        "hk_record_from_entry",
        _("香港标准专利：记录请求，自国家申请号通知书"),
        _("国家申请号通知书发文日"),
        _("不能取得香港标准专利（转录）"),
        domain=Domain.FOREIGN,
        start=Start.ISSUE,
        roll=Roll.NONE,
    ),
)

MADRID_ENTRIES = (
    Entry(
        "madrid_expiry",
        _("马德里国际注册期满"),
        REGISTERED,
        _("进入六个月宽展期"),
        domain=Domain.FOREIGN,
        roll=Roll.NONE,
        severity=Severity.SERIOUS,
    ),
    Entry(
        "madrid_renewal_opens",
        _("马德里国际注册：续展窗口开始"),
        _("国际注册期满日"),
        _("此前国际局一般不办理续展"),
        domain=Domain.FOREIGN,
        roll=Roll.NONE,
        severity=Severity.NOTE,
        is_backwards=True,
        is_opening=True,
    ),
    Entry(
        "madrid_grace_end",
        _("马德里国际注册：宽展期届满"),
        _("国际注册期满日"),
        _("国际注册失效"),
        domain=Domain.FOREIGN,
        roll=Roll.NONE,
    ),
    Entry(
        "madrid_dependency",
        _("马德里国际注册：依附基础商标的期间届满"),
        REGISTERED,
        _("期间内开始的程序，其结果在期满后仍有影响"),
        domain=Domain.FOREIGN,
        roll=Roll.NONE,
        severity=Severity.NOTE,
    ),
)

HAGUE_ENTRIES = (
    Entry(
        "hague_renewal",
        _("海牙国际注册：每个五年期届满前续展"),
        _("国际注册日或者上一期届满日"),
        _("进入宽限期"),
        domain=Domain.FOREIGN,
        roll=Roll.NONE,
        severity=Severity.SERIOUS,
    ),
    Entry(
        "hague_grace_end",
        _("海牙国际注册：续展宽限期届满"),
        _("五年期届满日"),
        _("国际注册失效"),
        domain=Domain.FOREIGN,
        roll=Roll.NONE,
    ),
)

ENTRIES = (*PCT_ENTRIES, *MADRID_ENTRIES, *HAGUE_ENTRIES)
