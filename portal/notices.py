"""Every text the portal sends, by name, in one place. Adding a name again is an error a test catches."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Notice:
    """Title and text with named placeholders; urgent ones ask the reader to act.

    `known`: sentences that follow the text, each only where the value named first is known.
    """

    title: object
    text: object
    is_urgent: bool = False
    is_always_mailed: bool = False
    known: tuple[tuple[str, object], ...] = ()


DUE = ("amount", _("应缴 ¥%(amount)s。"))

NOTICES: dict[str, Notice] = {
    # people
    "registered": Notice(
        _("%(organisation)s 已登记"),
        _("下一步：申请核实。核实前可以填写和保存，核实后才能提交办件。"),
    ),
    "join_requested": Notice(
        _("%(person)s 申请加入 %(organisation)s"),
        _("请确认是否同意。对方目前看不到贵企业的任何信息。附言：%(message)s"),
        is_urgent=True,
    ),
    "join_requested_district": Notice(
        _("%(person)s 申请加入 %(organisation)s，并说明负责人已离职"),
        _("请核实后处理。附言：%(message)s"),
        is_urgent=True,
    ),
    "join_accepted": Notice(_("您已加入 %(organisation)s"), _("您的角色是%(role)s。现在可以查看和办理该企业的事项。")),
    "join_refused": Notice(_("加入申请未获同意"), _("理由：%(reason)s")),
    "invited": Notice(
        _("%(inviter)s 邀请您加入 %(target)s"),
        _("角色：%(role)s。邀请在 %(until)s 前有效。"),
        is_always_mailed=True,
    ),
    "invitation_accepted": Notice(_("%(person)s 接受了邀请"), _("加入%(target)s，角色：%(role)s。")),
    "invitation_declined": Notice(_("%(person)s 谢绝了邀请"), _("不加入%(target)s，角色：%(role)s。")),
    "member_left": Notice(_("%(person)s 已退出 %(organisation)s"), _("该成员不再能查看或办理本企业的事项。")),
    "posted": Notice(_("您已任 %(office)s %(role)s"), _("经办：%(person)s。首次办理前请先设置两步验证。")),
    "posting_ended": Notice(_("您在 %(office)s 的%(role)s任职已结束"), _("经办：%(person)s。")),
    "expert_added": Notice(_("您已加入评审专家库"), _("经办：%(person)s。收到评审邀请时会通知您。")),
    "membership_ended": Notice(
        _("您已不再是 %(organisation)s 的成员"), _("经办：%(person)s。如有疑问，请联系该企业负责人。")
    ),
    "role_changed": Notice(_("您在 %(organisation)s 的角色改为%(role)s"), _("经办：%(person)s。")),
    "ownership_received": Notice(
        _("您已成为 %(organisation)s 的负责人"), _("由 %(person)s 移交。您现在可以管理成员并提交办件。"), is_urgent=True
    ),
    "verification_requested": Notice(
        _("%(organisation)s 申请核实"), _("依据：%(evidence)s。请在 %(due)s 前办理。"), is_urgent=True
    ),
    "verification_due_soon": Notice(
        _("%(organisation)s 的核实即将到期"), _("请在 %(due)s 前办理。核实前企业不能提交办件。"), is_urgent=True
    ),
    "verification_overdue": Notice(
        _("%(organisation)s 的核实已超期 %(days)s 个工作日"),
        _("%(district)s，期限 %(due)s 已过，请尽快办理。"),
        is_urgent=True,
    ),
    "verified": Notice(_("%(organisation)s 已通过核实"), _("现在可以提交办件了。由%(office)s核实。")),
    "verification_refused": Notice(
        _("%(organisation)s 未通过核实"), _("理由：%(reason)s。请修改后重新申请。"), is_urgent=True
    ),
    "district_left": Notice(_("%(organisation)s 已迁出本区"), _("现在由%(new)s受理。原因：%(reason)s")),
    "district_entered": Notice(_("%(organisation)s 已迁入本区"), _("此前由%(old)s受理。原因：%(reason)s")),
    # cases: to the applicant
    "case_submitted": Notice(
        _("已收到办件 %(number)s"), _("《%(call)s》已提交，由%(office)s受理，%(due)s 前完成核验。回执可在办件页下载。")
    ),
    "case_undone": Notice(_("办件 %(number)s 已退回草稿"), _("您在提交后十分钟内撤销了提交，可以继续修改。")),
    "case_taken": Notice(_("办件 %(number)s 开始审核"), _("经办：%(by)s，%(due)s 前完成。")),
    "case_returned": Notice(
        _("请补正办件 %(number)s 的 %(count)s 项内容"),
        _("请在 %(applicant_due)s 前改好后重新提交。您办理期间，审核时限暂停。逾期未补正，按撤回处理。"),
        is_urgent=True,
    ),
    "case_verified": Notice(_("办件 %(number)s 已完成区级核验"), _("下一步由区负责人签发推荐意见。")),
    "case_recommended": Notice(_("办件 %(number)s 已由区里推荐到市级"), _("下一步由专家独立评审。")),
    "case_scored": Notice(_("办件 %(number)s 已完成专家评审"), _("下一步由市级作出决定。")),
    "case_to_settle": Notice(_("办件 %(number)s 进入区级认定"), _("下一步由区里另一位负责人作出决定。")),
    "case_publicity": Notice(
        _("办件 %(number)s 进入公示"), _("公示期 %(publicity_from)s 至 %(publicity_until)s。期间任何人可以提出异议。")
    ),
    "case_approved": Notice(
        _("恭喜：办件 %(number)s 已通过认定"), _("证书编号 %(certificate)s，有效期至 %(valid_until)s。"), is_urgent=True
    ),
    "case_rejected": Notice(
        _("办件 %(number)s 未通过"),
        _("理由：%(reason)s。如有异议，可在 %(appeal_due)s 前在办件页提出申诉。"),
        is_urgent=True,
    ),
    "case_withdrawn": Notice(_("办件 %(number)s 已撤回"), _("%(reason)s")),
    "case_closed": Notice(_("办件 %(number)s 已办结"), _("%(reason)s")),
    "case_reopened": Notice(_("申诉成立：办件 %(number)s 重新审核"), _("答复：%(reason)s")),
    "case_moved": Notice(
        _("办件 %(number)s 改由%(office)s受理"), _("原因：%(reason)s。已提交的材料和留言都随办件转过去，不需要重填。")
    ),
    "message_to_applicant": Notice(_("办件 %(number)s 有新留言"), _("%(by)s：%(text)s"), is_urgent=True),
    # cases: to the office and the experts
    "office_submitted": Notice(
        _("新办件 %(number)s：%(organisation)s"), _("《%(call)s》，请在 %(due)s 前完成核验。"), is_urgent=True
    ),
    "office_resubmitted": Notice(
        _("%(organisation)s 已补正办件 %(number)s"),
        _("共 %(count)s 项。审核时限从次日恢复，%(due)s 前完成。"),
        is_urgent=True,
    ),
    "office_recommend": Notice(
        _("请签发推荐意见：%(number)s %(organisation)s"), _("核验人 %(by)s。请在 %(due)s 前办理。"), is_urgent=True
    ),
    "office_score": Notice(
        _("请安排专家评审：%(number)s %(organisation)s"), _("区里已推荐。请在 %(due)s 前完成评审。"), is_urgent=True
    ),
    "office_third": Notice(
        _("办件 %(number)s 的两份评分相差过大"), _("已随机抽取第三位专家：%(person)s。"), is_urgent=True
    ),
    "office_no_third": Notice(
        _("办件 %(number)s 需要第三位专家"), _("专家库中没有可用且无利益关系的专家，请邀请一位。"), is_urgent=True
    ),
    "office_decide": Notice(
        _("请作出决定：%(number)s %(organisation)s"), _("专家评分 %(score)s。请在 %(due)s 前办理。"), is_urgent=True
    ),
    "office_settle": Notice(
        _("请作出决定：%(number)s %(organisation)s"),
        _("本区项目，由没有办理过本件的负责人决定。请在 %(due)s 前办理。"),
        is_urgent=True,
    ),
    "office_withdrawn": Notice(_("%(organisation)s 撤回了办件 %(number)s"), _("%(reason)s")),
    "office_outcome": Notice(_("办件 %(number)s 的结果：%(outcome)s"), _("%(organisation)s，《%(call)s》。%(reason)s")),
    "office_countersign": Notice(
        _("请复核决定：%(number)s %(organisation)s"), _("初次决定：%(by)s。复核须由另一位负责人完成。"), is_urgent=True
    ),
    "bulk_decided": Notice(
        _("批量决定 %(number)s 已逐件办完"),
        _("%(held)s 件已决定待发布，%(refused)s 件没有决定。请由另一位负责人发布。"),
    ),
    "bulk_released": Notice(_("批量决定 %(number)s 已发布"), _("%(released)s 件已发布，%(failed)s 件没有发布。")),
    "office_objection": Notice(
        _("公示期收到异议：%(number)s %(organisation)s"), _("异议处理完毕前，办件不能通过。"), is_urgent=True
    ),
    "office_appeal": Notice(
        _("收到申诉：%(number)s %(organisation)s"), _("请由未参与本件的负责人在 %(due)s 前答复。"), is_urgent=True
    ),
    "message_to_office": Notice(_("办件 %(number)s 有新留言"), _("%(by)s：%(text)s"), is_urgent=True),
    "case_assigned": Notice(
        _("办件 %(number)s 分派给您"), _("%(organisation)s，《%(call)s》。%(due)s 前办理。"), is_urgent=True
    ),
    "case_entered": Notice(
        _("办件 %(number)s 转到本区"),
        _(
            "%(organisation)s，此前由%(old)s受理。原因：%(reason)s。"
            "经办：%(officer)s。还没有答复的企业留言：%(waiting)s 条。"
        ),
        is_urgent=True,
    ),
    "case_left": Notice(
        _("办件 %(number)s 已转到%(district)s"), _("%(organisation)s。原因：%(reason)s。本区不再办理。")
    ),
    "case_reassigned": Notice(
        _("办件 %(number)s 已改由 %(officer)s 经办"), _("%(organisation)s。由 %(by)s 改派，理由：%(reason)s")
    ),
    "case_unassigned": Notice(
        _("办件 %(number)s 没有可以分派的经办人"),
        _("%(organisation)s。同事都不在岗、已满额或有利益关系，请指定经办人。"),
        is_urgent=True,
    ),
    "note_mention": Notice(
        _("%(by)s 在办件 %(number)s 的内部便笺里提到您"), _("%(organisation)s：%(text)s"), is_urgent=True
    ),
    "deputy_named": Notice(
        _("%(deputy)s 代理 %(person)s：%(from)s 至 %(until)s"),
        _("这段时间里，%(person)s 的办件和提醒同时给 %(deputy)s。"),
        is_urgent=True,
    ),
    "deputy_released": Notice(_("%(deputy)s 不再代理 %(person)s"), _("原定 %(from)s 至 %(until)s，已提前结束或取消。")),
    "expert_invited": Notice(
        _("请您评审办件 %(number)s"),
        _("《%(call)s》。请先声明有无利益关系，再独立评分。%(due)s 前完成。"),
        is_urgent=True,
    ),
    # the clock
    "due_soon": Notice(
        _("办件 %(number)s 还剩 %(left)s 个工作日"), _("%(organisation)s。期限 %(due)s。"), is_urgent=True
    ),
    "overdue_officer": Notice(
        _("办件 %(number)s 已超期"), _("%(organisation)s。期限 %(due)s 已过，请尽快办理。"), is_urgent=True
    ),
    "overdue_supervisor": Notice(
        _("本区办件 %(number)s 已超期 %(days)s 个工作日"),
        _("%(organisation)s。经办 %(officer)s，期限 %(due)s。"),
        is_urgent=True,
    ),
    "overdue_city": Notice(
        _("%(district)s 办件 %(number)s 已超期 %(days)s 个工作日"),
        _("%(organisation)s。期限 %(due)s。"),
        is_urgent=True,
    ),
    "correction_due_soon": Notice(
        _("补正期限只剩 %(left)s 个工作日：办件 %(number)s"),
        _("请在 %(due)s 前重新提交。逾期未补正，按撤回处理。"),
        is_urgent=True,
    ),
    "midterm_due": Notice(
        _("认定 %(certificate)s 需要中期检查"), _("%(organisation)s。请在 %(due)s 前完成。"), is_urgent=True
    ),
    "acceptance_due": Notice(
        _("认定 %(certificate)s 需要验收"), _("%(organisation)s。请在 %(due)s 前完成。"), is_urgent=True
    ),
    "recognition_expiring": Notice(
        _("认定 %(certificate)s 即将到期"), _("%(organisation)s 的认定将于 %(due)s 到期。"), is_urgent=True
    ),
    # risk alerts: what people do with them
    "alert_assigned": Notice(_("%(person)s 把一条风险提示交给您办理"), _("%(title)s"), is_urgent=True),
    "alert_help_asked": Notice(
        _("%(organisation)s 请求帮助"), _("关于风险提示：%(title)s。请在 3 个工作日内答复。"), is_urgent=True
    ),
    "alert_help_answered": Notice(_("%(person)s 答复了贵企业的求助"), _("关于风险提示：%(title)s。"), is_urgent=True),
    # risk alerts: the desk
    "alert_desk_proposed": Notice(
        _("%(person)s 建议发布风险提示"), _("%(number)s：%(title)s。请决定是否采用。"), is_urgent=True
    ),
    "alert_desk_adopted": Notice(_("您建议的风险提示已采用"), _("%(number)s：%(title)s。由市级继续编写和复核。")),
    "alert_desk_dropped": Notice(_("风险提示 %(number)s 未采用"), _("《%(title)s》未采用。理由：%(reason)s")),
    "alert_desk_in_review": Notice(
        _("请复核风险提示 %(number)s"), _("《%(title)s》由 %(person)s 送复核。须由另一位发布人批准。"), is_urgent=True
    ),
    "alert_desk_returned": Notice(
        _("风险提示 %(number)s 被退回修改"), _("《%(title)s》。退回人：%(person)s。理由：%(reason)s"), is_urgent=True
    ),
    "alert_desk_scheduled": Notice(
        _("风险提示 %(number)s 已批准，将定时发布"), _("《%(title)s》将在 %(moment)s 发布。复核人：%(person)s。")
    ),
    "alert_desk_published": Notice(_("风险提示 %(number)s 已发布"), _("《%(title)s》正在送达有关企业。")),
    "alert_new_serious": Notice(
        _("风险预警：%(title)s"),
        _("%(summary)s"),
        is_urgent=True,
        known=(("reasons", _("为什么发给贵企业：%(reasons)s。")), ("confirm", _("请在 %(confirm)s 前确认。"))),
    ),
    "alert_new_hint": Notice(
        _("风险提示：%(title)s"), _("%(summary)s"), known=(("reasons", _("为什么发给贵企业：%(reasons)s。")),)
    ),
    "alert_corrected": Notice(_("有更正：%(title)s"), _("第 %(edition)s 版改了什么：%(change)s")),
    "alert_left": Notice(
        _("不再涉及贵企业：%(title)s"), _("更正后的第 %(edition)s 版不再涉及贵企业，无需继续办理。改了什么：%(change)s")
    ),
    "alert_withdrawn": Notice(_("已撤回：%(title)s"), _("发布单位撤回了风险提示 %(number)s。理由：%(reason)s")),
    "alert_unread": Notice(
        _("还没有人阅读：%(title)s"),
        _("%(organisation)s 于 %(delivered)s 收到这条风险预警，请尽快阅读并确认。"),
        is_urgent=True,
    ),
    "alert_unread_owner": Notice(
        _("您的企业没有人阅读：%(title)s"),
        _(
            "%(organisation)s 于 %(delivered)s 收到这条风险预警，提醒后仍没有人阅读。"
            "到 %(call)s 仍未阅读的，所在区会致电联系。"
        ),
        is_urgent=True,
    ),
    # disputes abroad: readers are told that there is one, never in a mail what it is about
    "dispute_named": Notice(
        _("%(person)s 指定您查看一件海外纠纷"),
        _("%(organisation)s。它只给指定人员看，期限也提醒给您。"),
        is_urgent=True,
    ),
    "disputes_unseen": Notice(
        _("%(count)s 件海外纠纷的指定人员都已离开"),
        _("%(person)s 离开后，%(organisation)s 的这些纠纷没有人能看到，编号 %(numbers)s。请重新指定一位成员。"),
        is_urgent=True,
    ),
    "aid_asked": Notice(
        _("%(organisation)s 申请海外纠纷援助"), _("%(country)s。请声明有无利益关系后受理。"), is_urgent=True
    ),
    "aid_taken": Notice(_("%(person)s 已受理海外纠纷援助申请"), _("%(organisation)s，%(country)s。答复会另行通知。")),
    "aid_matched": Notice(
        _("请您为一件海外纠纷提供意见"), _("%(organisation)s，%(country)s。请先声明有无利益关系。"), is_urgent=True
    ),
    "aid_refused": Notice(
        _("专家 %(person)s 因利益关系回避"), _("%(organisation)s，%(country)s。请另请一位专家。"), is_urgent=True
    ),
    "aid_advised": Notice(
        _("专家 %(person)s 提交了意见"), _("%(organisation)s，%(country)s。请据此答复企业。"), is_urgent=True
    ),
    "aid_answered": Notice(
        _("%(person)s 答复了海外纠纷援助申请"), _("%(organisation)s，%(country)s。"), is_urgent=True
    ),
    "aid_closed": Notice(_("海外纠纷援助已办结"), _("%(organisation)s，%(country)s。需要时可以再次申请。")),
    "aid_withdrawn": Notice(_("%(organisation)s 撤回了海外纠纷援助申请"), _("%(country)s。不需要继续办理。")),
    "law_changed": Notice(_("%(country)s 的法律有变化"), _("%(title)s")),
    # dates of rights; `portal.reminding` writes these rows by statement
    "date_soon": Notice(
        _("还剩 %(left)s 天：%(rule)s"),
        _("%(title)s。建议 %(target)s 前办理，法定期限 %(legal)s。"),
        known=(DUE,),
    ),
    "date_close": Notice(
        _("只剩 %(left)s 天：%(rule)s"),
        _("%(title)s。请在 %(target)s 前办理，法定期限 %(legal)s。"),
        is_urgent=True,
        known=(DUE,),
    ),
    "date_late": Notice(
        _("已过期限：%(rule)s"),
        _("%(title)s。法定期限 %(legal)s 已过。"),
        is_urgent=True,
        known=(
            DUE,
            ("surcharge", _("本档至 %(until)s，逾期加收 ¥%(surcharge)s。")),
            ("grace", _("最晚 %(grace)s。")),
        ),
    ),
    "dates_in_the_air": Notice(
        _("%(person)s 名下的 %(count)s 个期限没有人负责了"),
        _("%(organisation)s。请把这些期限交给一位同事；交接前，提醒发给您。"),
        is_urgent=True,
    ),
    "rights_unseen": Notice(
        _("%(count)s 件权利的指定人员都已离开"),
        _("%(person)s 离开后，%(organisation)s 的这些权利没有人能看到，编号 %(numbers)s。请重新指定一位成员。"),
        is_urgent=True,
    ),
    "right_entrusted": Notice(
        _("您被指定查看权利 %(number)s"),
        _("%(organisation)s。由 %(person)s 指定；它只给指定人员看，期限也提醒给您。"),
        is_urgent=True,
    ),
    "dates_handed_over": Notice(
        _("%(person)s 把 %(count)s 个期限交给您"), _("%(organisation)s。今后由您收到提醒。"), is_urgent=True
    ),
    "webhook_failing": Notice(
        _("系统对接多次发送失败：%(host)s"), _("%(organisation)s。最近一次：%(answer)s。请检查对方系统。")
    ),
    # city and districts
    "task_given": Notice(_("新任务：%(title)s"), _("承办：%(office)s。请在 %(due)s 前完成。"), is_urgent=True),
    "task_due_soon": Notice(_("任务即将到期：%(title)s"), _("承办：%(office)s。期限 %(due)s。"), is_urgent=True),
    "task_overdue": Notice(
        _("任务已超期 %(days)s 个工作日：%(title)s"),
        _("承办：%(office)s。期限 %(due)s 已过，请尽快完成并填报。"),
        is_urgent=True,
    ),
    "task_overdue_city": Notice(
        _("%(office)s的任务已超期 %(days)s 个工作日"), _("%(title)s。期限 %(due)s 已过，请了解原因。"), is_urgent=True
    ),
    "task_done": Notice(_("%(office)s已完成任务"), _("%(title)s。期限 %(due)s。请查看进展和佐证材料。")),
    "task_sent_back": Notice(_("任务被退回：%(title)s"), _("承办：%(office)s。理由：%(reason)s"), is_urgent=True),
    # work in the background
    "import_done": Notice(_("已导入：%(file)s"), _("新增 %(new)s 件，更改 %(changed)s 件。")),
    "report_ready": Notice(_("报表已生成：%(report)s"), _("共 %(rows)s 行，%(until)s 前可以下载。")),
    "report_failed": Notice(
        _("报表没有生成：%(report)s"), _("系统已重试。请稍后再试，或联系管理员。错误编号 %(number)s。")
    ),
}
