"""Periods of trademark law: filing, opposition, review, validity, renewal, use.

The validity of a mark ends the day before the corresponding day and never rolls (商标法实施条例 12 (2)). The grace
for a late renewal is an ordinary period: it runs from the expiry day and its last day does roll (art. 12 (1)).
"""

from django.utils.translation import gettext_lazy as _

from patents.catalogue.entries import Domain, Entry, Severity, Start
from patents.periods import Ending, Roll

REGISTRATION = _("注册公告日")
EXPIRY = _("有效期届满日")
UNUSED = _("任何人可以连续三年不使用为由申请撤销")

ENTRIES = (
    Entry("trademark_priority", _("商标优先权"), _("首次申请日"), _("优先权丧失"), domain=Domain.TRADEMARK),
    Entry(
        "trademark_priority_document",
        _("提交商标优先权文件副本"),
        _("在中国提出申请之日"),
        _("视为未要求优先权"),
        domain=Domain.TRADEMARK,
    ),
    Entry(
        "tm_refusal_review",
        _("驳回复审"),
        _("驳回通知书发文日"),
        _("驳回生效"),
        domain=Domain.TRADEMARK,
        start=Start.DELIVERY,
    ),
    Entry(
        "tm_cancellation_review",
        _("撤销复审"),
        _("撤销决定发文日"),
        _("决定生效"),
        domain=Domain.TRADEMARK,
        start=Start.DELIVERY,
    ),
    Entry(
        "tm_opposition",
        _("提出异议"),
        _("初步审定公告日"),
        _("商标核准注册"),
        domain=Domain.TRADEMARK,
        doubt=_(
            "公告在新法施行前、期限届满在施行后的，过渡规定未见：提异议的宜按新法两个月办理，等待注册的按三个月看。"
        ),
    ),
    Entry(
        "tm_opposition_answer",
        _("异议答辩"),
        _("异议答辩通知书发文日"),
        _("不影响审查，失去答辩机会"),
        domain=Domain.TRADEMARK,
        start=Start.DELIVERY,
        severity=Severity.COSTLY,
    ),
    Entry(
        "tm_opposition_evidence",
        _("补充异议或者答辩的证据"),
        _("提交异议申请或者答辩之日"),
        _("视为放弃补充证据"),
        domain=Domain.TRADEMARK,
        severity=Severity.COSTLY,
    ),
    Entry(
        "tm_invalidity",
        _("请求宣告无效：相对理由"),
        REGISTRATION,
        _("不得再以相对理由请求；恶意注册驰名商标的除外"),
        domain=Domain.TRADEMARK,
    ),
    Entry(
        "tm_expiry",
        _("商标有效期届满"),
        REGISTRATION,
        _("未续展的进入宽展期"),
        domain=Domain.TRADEMARK,
        roll=Roll.NONE,
        ending=Ending.DAY_BEFORE,
        severity=Severity.SERIOUS,
    ),
    Entry(
        "tm_renewal_opens",
        _("可以办理续展的第一日"),
        EXPIRY,
        _("此前不受理续展"),
        domain=Domain.TRADEMARK,
        roll=Roll.NONE,
        severity=Severity.NOTE,
        is_backwards=True,
        is_opening=True,
    ),
    Entry(
        "tm_grace_end",
        _("续展宽展期届满"),
        EXPIRY,
        _("注销注册商标"),
        domain=Domain.TRADEMARK,
        caution=_("须缴延迟费。宽展期是普通期限，届满日遇节假日顺延；请按安全日办理。"),
    ),
    Entry(
        "tm_non_use_24",
        _("商标使用证据：第一次提醒"),
        _("注册日或者最后一次使用日"),
        UNUSED,
        domain=Domain.TRADEMARK,
        roll=Roll.NONE,
        severity=Severity.NOTE,
    ),
    Entry(
        "tm_non_use_30",
        _("商标使用证据：第二次提醒"),
        _("注册日或者最后一次使用日"),
        UNUSED,
        domain=Domain.TRADEMARK,
        roll=Roll.NONE,
        severity=Severity.NOTE,
    ),
    Entry(
        "tm_non_use_36",
        _("商标连续三年不使用"),
        _("注册日或者最后一次使用日"),
        UNUSED,
        domain=Domain.TRADEMARK,
        roll=Roll.NONE,
    ),
)
