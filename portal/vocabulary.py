"""The words of a state: one table of label, icon and colour role per kind of state, used by every page and export.

Roles: neutral, info, wait (someone must act), good, bad, public (seen by everyone).
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(NamedTuple):
    """How one state is shown: its word, the icon beside it and the role that colours it."""

    label: str | Promise
    icon: str
    role: str


STATES: dict[str, dict[str, State]] = {
    "application": {
        "draft": State(_("草稿"), "pencil", "neutral"),
        "submitted": State(_("已提交"), "send", "info"),
        "in_review": State(_("审核中"), "file-search", "info"),
        "returned": State(_("待补正"), "edit", "wait"),
        "publicity": State(_("公示中"), "speakerphone", "public"),
        "approved": State(_("已通过"), "circle-check", "good"),
        "rejected": State(_("未通过"), "circle-x", "bad"),
        "withdrawn": State(_("已撤回"), "arrow-back-up", "neutral"),
        "closed": State(_("已办结"), "archive", "neutral"),
    },
    "right": {
        "pending": State(_("审查中"), "hourglass", "info"),
        "published": State(_("已公布"), "file-text", "info"),
        "granted": State(_("有效"), "shield-check", "good"),
        "grace": State(_("滞纳期"), "alert-triangle", "wait"),
        "lapsed": State(_("已终止"), "shield-off", "bad"),
        "restored": State(_("已恢复"), "refresh", "good"),
        "expired": State(_("期限届满"), "calendar-off", "neutral"),
        "invalidated": State(_("全部无效"), "ban", "bad"),
        "partially": State(_("部分无效"), "circle-half-2", "wait"),
        "draft": State(_("未申请"), "pencil", "neutral"),
        "in_grace": State(_("滞纳期"), "alert-triangle", "wait"),
        "tm_grace": State(_("宽展期"), "alert-triangle", "wait"),
        "part_invalid": State(_("部分无效"), "circle-half-2", "wait"),
        "refused": State(_("已驳回"), "circle-x", "bad"),
        "withdrawn": State(_("视为撤回"), "arrow-back-up", "neutral"),
        "abandoned": State(_("已放弃"), "circle-minus", "neutral"),
    },
    "flag": {
        "pledged": State(_("已质押"), "lock", "neutral"),
        "licensed": State(_("普通许可"), "license", "neutral"),
        "open_licence": State(_("开放许可"), "world-share", "public"),
        "preserved": State(_("被保全"), "gavel", "wait"),
        "exclusive": State(_("独占许可"), "license", "neutral"),
        "sole": State(_("排他许可"), "license", "neutral"),
        "ordinary": State(_("普通许可"), "license", "neutral"),
        "open": State(_("开放许可"), "world-share", "public"),
        "suspended": State(_("中止"), "player-pause", "wait"),
        "reduced": State(_("费减"), "discount", "neutral"),
        "high_value": State(_("高价值发明"), "star", "info"),
    },
    "verification": {
        "verified": State(_("已核实"), "building-bank", "good"),
        "unverified": State(_("待核实"), "clock-question", "wait"),
        "rejected": State(_("核实未通过"), "circle-x", "bad"),
        "open": State(_("待核实"), "clock-question", "wait"),
        "refused": State(_("核实未通过"), "circle-x", "bad"),
    },
    "join": {
        "open": State(_("待同意"), "clock-question", "wait"),
        "accepted": State(_("已同意"), "circle-check", "good"),
        "refused": State(_("未同意"), "circle-x", "bad"),
        "withdrawn": State(_("已撤回"), "arrow-back-up", "neutral"),
    },
    "rule": {
        "verified": State(_("已核实原文"), "circle-check", "good"),
        "secondary": State(_("二手来源"), "book", "info"),
        "unverified": State(_("待核实"), "clock-question", "wait"),
        "sample": State(_("示例"), "flag", "neutral"),
    },
    "check": {
        "match": State(_("一致"), "check", "good"),
        "differ": State(_("不一致"), "alert-triangle", "bad"),
        "no_data": State(_("无数据"), "minus", "neutral"),
        "solved": State(_("已解决"), "check", "good"),
        "unsolved": State(_("未解决"), "alert-circle", "bad"),
        "open": State(_("未判断"), "circle-dashed", "neutral"),
    },
    "correction": {
        "answered": State(_("已修改"), "check", "good"),
        "open": State(_("还未修改"), "pencil", "wait"),
    },
    "alert": {
        "proposed": State(_("区建议"), "bulb", "info"),
        "draft": State(_("草稿"), "pencil", "neutral"),
        "in_review": State(_("待复核"), "eye", "info"),
        "scheduled": State(_("待定时发布"), "clock", "info"),
        "superseded": State(_("已被更正"), "history", "neutral"),
        "dropped": State(_("未采用"), "circle-x", "neutral"),
        "withdrawn": State(_("已撤回"), "bell-off", "neutral"),
        "expired": State(_("已过期"), "calendar-off", "neutral"),
        "published": State(_("已发布"), "speakerphone", "public"),
        "to_confirm": State(_("待确认"), "bell-ringing", "wait"),
        "confirmed": State(_("已确认"), "checks", "good"),
        "read": State(_("已读"), "mail-opened", "neutral"),
        "revoked": State(_("已撤销"), "bell-off", "neutral"),
    },
    "delivery": {
        "new": State(_("未读"), "bell-ringing", "wait"),
        "read": State(_("已读"), "mail-opened", "neutral"),
        "in_hand": State(_("处理中"), "checks", "info"),
        "not_relevant": State(_("与本企业无关"), "circle-minus", "neutral"),
        "done": State(_("已办结"), "circle-check", "good"),
    },
    "alert_severity": {
        "1": State(_("提示"), "info-circle", "info"),
        "2": State(_("关注"), "alert-triangle", "wait"),
        "3": State(_("预警"), "alert-triangle", "bad"),
    },
    "severity": {
        "warning": State(_("预警"), "alert-triangle", "bad"),
        "notice": State(_("提示"), "alert-triangle", "wait"),
        "info": State(_("信息"), "info-circle", "info"),
    },
    "job": {
        "queued": State(_("排队中"), "clock", "neutral"),
        "running": State(_("进行中"), "loader-2", "info"),
        "done": State(_("已完成"), "check", "good"),
        "failed": State(_("失败"), "x", "bad"),
        "cancelled": State(_("已取消"), "circle-minus", "neutral"),
        "expired": State(_("已过期"), "calendar-off", "neutral"),
    },
    "import": {
        "uploaded": State(_("待对应列"), "columns-3", "wait"),
        "reading": State(_("读取中"), "loader-2", "info"),
        "checking": State(_("核对中"), "loader-2", "info"),
        "ready": State(_("待确认"), "checklist", "wait"),
        "queued": State(_("排队中"), "clock", "neutral"),
        "running": State(_("导入中"), "loader-2", "info"),
        "done": State(_("已导入"), "check", "good"),
        "failed": State(_("失败"), "x", "bad"),
        "cancelled": State(_("已放弃"), "circle-minus", "neutral"),
    },
    "import_row": {
        "new": State(_("新增"), "plus", "good"),
        "changed": State(_("有变化"), "git-compare", "info"),
        "unchanged": State(_("无变化"), "minus", "neutral"),
        "duplicate": State(_("文件内重复"), "copy", "neutral"),
        "foreign": State(_("权利人不符"), "user-question", "wait"),
        "bad": State(_("有错误"), "alert-circle", "bad"),
    },
    "section": {
        "done": State(_("已完成"), "circle-check", "good"),
        "in_progress": State(_("填写中"), "pencil", "info"),
        "errors": State(_("有错误"), "alert-circle", "bad"),
        "not_started": State(_("未开始"), "circle-dashed", "neutral"),
        "locked": State(_("暂不可填"), "lock", "neutral"),
    },
    "call": {
        "draft": State(_("草稿"), "pencil", "neutral"),
        "planned": State(_("即将开始"), "calendar-event", "neutral"),
        "open": State(_("正在申报"), "player-play", "good"),
        "ended": State(_("已截止"), "calendar-off", "neutral"),
        "closed": State(_("已办结"), "archive", "neutral"),
    },
    "file": {
        "quarantined": State(_("检查中"), "loader-2", "info"),
        "clean": State(_("已通过安全检查"), "shield-check", "good"),
        "refused": State(_("未通过安全检查"), "file-alert", "bad"),
    },
    "recognition": {
        "valid": State(_("有效"), "certificate", "good"),
        "accepted": State(_("验收通过"), "circle-check", "good"),
        "failed": State(_("验收未通过"), "circle-x", "bad"),
        "expired": State(_("已到期"), "calendar-off", "neutral"),
        "revoked": State(_("已撤销"), "ban", "bad"),
    },
    "bulk": {
        "planned": State(_("计划"), "pencil", "neutral"),
        "running": State(_("正在逐件决定"), "loader-2", "info"),
        "held": State(_("已决定，待发布"), "lock", "wait"),
        "releasing": State(_("等待或正在发布"), "send", "info"),
        "released": State(_("已发布"), "circle-check", "good"),
        "dropped": State(_("已撤销"), "arrow-back-up", "neutral"),
        "waiting": State(_("等待办理"), "hourglass", "neutral"),
        "refused": State(_("没有决定"), "alert-triangle", "wait"),
        "undone": State(_("已撤销"), "arrow-back-up", "neutral"),
        "failed": State(_("没有发布"), "circle-x", "bad"),
    },
    "questionnaire": {
        "draft": State(_("草稿"), "pencil", "neutral"),
        "published": State(_("已发布"), "circle-check", "good"),
        "retired": State(_("已停用"), "archive", "neutral"),
    },
    "programme": {
        "draft": State(_("草稿"), "pencil", "neutral"),
        "active": State(_("使用中"), "circle-check", "good"),
        "retired": State(_("已停用"), "archive", "neutral"),
    },
}


def state(kind: str, value: str) -> State:
    """Return how a state is shown; an unknown value keeps its own word and stays neutral."""
    return STATES.get(kind, {}).get(str(value)) or State(str(value), "circle-dot", "neutral")


AUDIT_WORDS: dict[str, str | Promise] = {
    "paper.made": _("生成决定书或证书"),
    "organisation.registered": _("登记企业"),
    "organisation.join_requested": _("申请加入"),
    "organisation.join_answered": _("答复加入申请"),
    "organisation.join_withdrawn": _("撤回加入申请"),
    "organisation.member_invited": _("邀请成员"),
    "organisation.role_changed": _("修改角色"),
    "organisation.member_ended": _("成员退出"),
    "organisation.ownership_handed_over": _("移交负责人"),
    "organisation.verification_requested": _("申请核实"),
    "organisation.verified": _("通过核实"),
    "organisation.verification_refused": _("未通过核实"),
    "organisation.district_changed": _("变更所在区"),
    "organisation.profile_updated": _("更新企业资料"),
    "organisation.market_added": _("登记市场"),
    "organisation.market_changed": _("修改市场"),
    "organisation.market_removed": _("移除市场"),
    "organisation.watch_added": _("增加关注"),
    "organisation.watch_removed": _("取消关注"),
    "invitation.accepted": _("接受邀请"),
    "invitation.revoked": _("撤销邀请"),
    "invitation.declined": _("谢绝邀请"),
    "right.created": _("录入知识产权"),
    "right.updated": _("更正知识产权"),
    "right.status_changed": _("更新法律状态"),
    "right.secrecy_changed": _("调整可见范围"),
    "right.notice_recorded": _("登记官方通知书"),
    "right.reduction_approved": _("登记批准的费减"),
    "right.entrusted": _("重新指定查看人"),
    "date.overridden": _("按官方日期改写"),
    "date.fee_stated": _("按通知书写明的金额和各档办理"),
    "date.computed_again": _("恢复推算的日期"),
    "date.met": _("办结期限"),
    "date.set_aside": _("取消期限"),
    "right.bulk_edited": _("批量修改知识产权"),
    "right.use_recorded": _("登记使用证据"),
    "right.deleted": _("删除录错的知识产权"),
    "family.created": _("建立专利族"),
    "product.saved": _("登记产品或服务"),
    "alert.read": _("阅读风险提示"),
    "alert.taken": _("确认并处理风险提示"),
    "alert.ticked": _("更新风险提示的清单"),
    "alert.assigned": _("把风险提示交给同事"),
    "alert.noted": _("修改风险提示的备注"),
    "alert.done": _("办结风险提示"),
    "alert.not_relevant": _("风险提示与本企业无关"),
    "alert.reopened": _("重新打开风险提示"),
    "alert.help_asked": _("就风险提示请求帮助"),
    "alert.help_answered": _("答复求助"),
    "alert.called": _("记录联系结果"),
    "alert.proposed": _("建议发布风险提示"),
    "alert.drafted": _("起草风险提示"),
    "alert.changed": _("修改风险提示"),
    "alert.adopted": _("采纳区里的建议"),
    "alert.dropped": _("不采用风险提示"),
    "alert.file_added": _("添加风险提示附件"),
    "alert.file_removed": _("移除风险提示附件"),
    "alert.submitted": _("风险提示送复核"),
    "alert.returned": _("退回风险提示"),
    "alert.scheduled": _("批准定时发布风险提示"),
    "alert.published": _("发布风险提示"),
    "alert.correction_begun": _("开始更正风险提示"),
    "alert.withdrawn": _("撤回风险提示"),
    "alert.expired": _("风险提示到期"),
    "file.made_public": _("公开附件"),
    "file.made_private": _("停止公开附件"),
    "law.saved": _("登记法律变化"),
    "legal_case.saved": _("登记案例"),
    "country.fact_saved": _("登记国别资料"),
    "refused": _("操作被拒绝"),
}


def audit_word(action: str) -> str:
    """Return the word for an audit action in the reader's language; an unknown one stays as it is."""
    return str(AUDIT_WORDS.get(action, action))
