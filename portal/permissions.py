"""WHO may do what: one enum, one role table, `check()` that raises, `can()` that explains.

A role name here is an organisation role ("owner"), an office role with its level ("district_officer"), or a seat
("expert"). Office roles count for the district an object belongs to; city roles count everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.errors import Denied
from portal.models import standing_of


class Permission(Enum):
    """Everything that can be allowed. The value is the sentence a refused person reads."""

    # organisations
    VIEW_ORGANISATION = _("您不是这家企业的成员。")
    EDIT_ORGANISATION = _("只有企业负责人或知识产权主管可以修改企业资料。")
    MANAGE_MEMBERS = _("只有企业负责人可以管理成员。")
    TRANSFER_OWNERSHIP = _("只有企业负责人可以移交负责人身份。")
    REQUEST_VERIFICATION = _("只有企业负责人或知识产权主管可以申请核实。")
    VERIFY_ORGANISATION = _("只有企业所在区的经办或负责人可以核实企业。")
    RESOLVE_JOIN_REQUEST = _("只有企业负责人可以同意加入；负责人离职时由所在区处理。")
    # the register of rights
    EDIT_RIGHT = _("只有企业负责人、知识产权主管或经办人可以维护知识产权台账。")
    STEER_RIGHT = _("只有企业负责人或知识产权主管可以分级、分派、删除或批量修改。")
    MANAGE_WEBHOOKS = _("只有企业负责人或知识产权主管可以设置系统对接。")
    # applications, applicant's side
    FILL_APPLICATION = _("只有企业负责人、知识产权主管或经办人可以填报。")
    SUBMIT_APPLICATION = _("只有企业负责人或知识产权主管可以提交、撤回或申诉。")
    # applications, office's side
    VIEW_CASE = _("这件办件不在您的办理范围内。")
    HANDLE_CASE = _("只有受理区的经办或负责人可以办理。")
    RECOMMEND_CASE = _("只有受理区的负责人可以签发推荐意见。")
    ASSIGN_CASE = _("只有受理区的负责人可以分派办件。")
    MANAGE_WORKBENCH = _("只有本办公室的负责人可以维护分派规则、同事的代理和理由模板。")
    INVITE_EXPERTS = _("只有市级经办或负责人可以邀请专家。")
    SCORE_CASE = _("只有受邀并已声明无利益关系的专家可以评分。")
    DECIDE_CASE = _("只有市级负责人可以作出决定。")
    DECIDE_OBJECTION = _("只有市级经办或负责人可以处理异议。")
    DECIDE_APPEAL = _("只有市级负责人可以处理申诉。")
    SETTLE_CASE = _("只有主办区的负责人可以对本区项目作出决定。")
    SUPERVISE_RECOGNITION = _("只有市级经办或负责人可以办理中期检查和验收。")
    # risk alerts
    PROPOSE_ALERT = _("只有区或市的工作人员可以建议发布风险提示。")
    DRAFT_ALERT = _("只有市级发布人或管理员可以编写风险提示。")
    APPROVE_ALERT = _("只有市级发布人或管理员可以复核和发布风险提示。")
    VIEW_REACH = _("只有发布单位和企业所在区可以查看送达和回应情况。")
    CALL_ON_ALERT = _("只有企业所在区的经办或负责人可以联系未读企业、答复求助。")
    REACT_TO_ALERT = _("只有企业负责人、知识产权主管或经办人可以回应风险提示。")
    KEEP_KNOWLEDGE = _("只有市级经办、发布人或管理员可以维护法律动态、案例和国别资料。")
    KEEP_DISPUTE = _("只有企业负责人、知识产权主管或经办人可以办理海外纠纷。")
    HELP_ABROAD = _("只有市级经办或负责人可以受理海外纠纷援助。")
    # city administration
    MANAGE_CALLS = _("只有市级管理员可以编制申报批次和问卷。")
    MANAGE_DISTRICT_CALLS = _("只有主办区的负责人或管理员可以编制和发布本区的项目、批次和问卷。")
    PUBLISH_CALL = _("只有市级发布人或管理员可以发布申报批次。")
    MANAGE_PEOPLE = _("只有市级管理员可以管理办公室、角色和人员。")
    MANAGE_RULES = _("只有市级管理员可以修改规则和放假安排。")
    VIEW_AUDIT = _("只有审计或管理员可以查看全部操作记录。")
    VIEW_FIGURES = _("只有政府工作人员可以查看统计数据。")
    # figures, targets and coordination
    MANAGE_TARGETS = _("只有市级管理员可以设定目标或重新统计。")
    COORDINATE = _("只有市级经办、负责人或管理员可以布置任务、记录会议。")
    WORK_ON_TASK = _("只有承办区的经办或负责人可以填报任务进展。")


P = Permission

ROLES: dict[str, frozenset[Permission]] = {
    "owner": frozenset(
        {
            P.VIEW_ORGANISATION,
            P.EDIT_ORGANISATION,
            P.MANAGE_MEMBERS,
            P.TRANSFER_OWNERSHIP,
            P.REQUEST_VERIFICATION,
            P.RESOLVE_JOIN_REQUEST,
            P.EDIT_RIGHT,
            P.STEER_RIGHT,
            P.MANAGE_WEBHOOKS,
            P.FILL_APPLICATION,
            P.SUBMIT_APPLICATION,
            P.REACT_TO_ALERT,
            P.KEEP_DISPUTE,
        }
    ),
    "manager": frozenset(
        {
            P.VIEW_ORGANISATION,
            P.EDIT_ORGANISATION,
            P.REQUEST_VERIFICATION,
            P.EDIT_RIGHT,
            P.STEER_RIGHT,
            P.MANAGE_WEBHOOKS,
            P.FILL_APPLICATION,
            P.SUBMIT_APPLICATION,
            P.REACT_TO_ALERT,
            P.KEEP_DISPUTE,
        }
    ),
    "member": frozenset({P.VIEW_ORGANISATION, P.EDIT_RIGHT, P.FILL_APPLICATION, P.REACT_TO_ALERT, P.KEEP_DISPUTE}),
    "viewer": frozenset({P.VIEW_ORGANISATION}),
    "district_officer": frozenset(
        {
            P.VIEW_CASE,
            P.HANDLE_CASE,
            P.VERIFY_ORGANISATION,
            P.VIEW_FIGURES,
            P.PROPOSE_ALERT,
            P.VIEW_REACH,
            P.CALL_ON_ALERT,
            P.WORK_ON_TASK,
        }
    ),
    "district_supervisor": frozenset(
        {
            P.VIEW_CASE,
            P.HANDLE_CASE,
            P.RECOMMEND_CASE,
            P.ASSIGN_CASE,
            P.MANAGE_DISTRICT_CALLS,
            P.MANAGE_WORKBENCH,
            P.SETTLE_CASE,
            P.VERIFY_ORGANISATION,
            P.RESOLVE_JOIN_REQUEST,
            P.VIEW_FIGURES,
            P.PROPOSE_ALERT,
            P.VIEW_REACH,
            P.CALL_ON_ALERT,
            P.WORK_ON_TASK,
        }
    ),
    "district_publisher": frozenset({P.VIEW_FIGURES, P.PROPOSE_ALERT, P.VIEW_REACH}),
    "district_administrator": frozenset({P.MANAGE_DISTRICT_CALLS, P.VIEW_FIGURES, P.VIEW_REACH}),
    "district_auditor": frozenset({P.VIEW_CASE, P.VIEW_FIGURES, P.VIEW_REACH}),
    "city_officer": frozenset(
        {
            P.VIEW_CASE,
            P.INVITE_EXPERTS,
            P.DECIDE_OBJECTION,
            P.SUPERVISE_RECOGNITION,
            P.VIEW_FIGURES,
            P.PROPOSE_ALERT,
            P.VIEW_REACH,
            P.KEEP_KNOWLEDGE,
            P.HELP_ABROAD,
            P.COORDINATE,
        }
    ),
    "city_supervisor": frozenset(
        {
            P.VIEW_CASE,
            P.INVITE_EXPERTS,
            P.DECIDE_CASE,
            P.DECIDE_OBJECTION,
            P.DECIDE_APPEAL,
            P.SUPERVISE_RECOGNITION,
            P.MANAGE_WORKBENCH,
            P.VIEW_FIGURES,
            P.VIEW_REACH,
            P.HELP_ABROAD,
            P.COORDINATE,
        }
    ),
    "city_publisher": frozenset(
        {P.PUBLISH_CALL, P.VIEW_FIGURES, P.DRAFT_ALERT, P.APPROVE_ALERT, P.VIEW_REACH, P.KEEP_KNOWLEDGE}
    ),
    "city_administrator": frozenset(
        {
            P.MANAGE_CALLS,
            P.PUBLISH_CALL,
            P.MANAGE_PEOPLE,
            P.MANAGE_RULES,
            P.VIEW_AUDIT,
            P.VIEW_FIGURES,
            P.VIEW_CASE,
            P.DRAFT_ALERT,
            P.APPROVE_ALERT,
            P.VIEW_REACH,
            P.KEEP_KNOWLEDGE,
            P.MANAGE_TARGETS,
            P.COORDINATE,
        }
    ),
    "city_auditor": frozenset({P.VIEW_CASE, P.VIEW_AUDIT, P.VIEW_FIGURES, P.VIEW_REACH}),
    "expert": frozenset({P.VIEW_CASE, P.SCORE_CASE}),
}

# Acts of an official that need a second factor first (trust.md 10: deciding, publishing, exporting).
SECOND_FACTOR = frozenset(
    {
        P.VERIFY_ORGANISATION,
        P.HANDLE_CASE,
        P.RECOMMEND_CASE,
        P.ASSIGN_CASE,
        P.MANAGE_WORKBENCH,
        P.INVITE_EXPERTS,
        P.SCORE_CASE,
        P.DECIDE_CASE,
        P.SETTLE_CASE,
        P.DECIDE_OBJECTION,
        P.DECIDE_APPEAL,
        P.SUPERVISE_RECOGNITION,
        P.MANAGE_CALLS,
        P.MANAGE_DISTRICT_CALLS,
        P.PUBLISH_CALL,
        P.MANAGE_PEOPLE,
        P.MANAGE_RULES,
        P.DRAFT_ALERT,
        P.APPROVE_ALERT,
        P.KEEP_KNOWLEDGE,
        P.HELP_ABROAD,
        P.MANAGE_TARGETS,
        P.COORDINATE,
    }
)


@dataclass(frozen=True)
class Verdict:
    """Whether it may be done and, if not, the sentence why. Truthy when it may."""

    ok: bool
    why: object = ""

    def __bool__(self) -> bool:
        return self.ok


YES = Verdict(True)


def roles_of(user: Any, obj: Any = None) -> set[str]:
    """Return the names of the roles `user` has towards `obj` (an organisation, application, ... or None)."""
    standing = standing_of(user)
    organisation_id, district = _home(obj)
    roles = standing.roles_for(district) if obj is not None else _office_roles(standing)
    if organisation_id in standing.roles:
        roles.add(standing.roles[organisation_id])
    if standing.is_expert and _is_seated(user, obj):
        roles.add("expert")
    return roles


def _office_roles(standing: Any) -> set[str]:
    return {f"{kind}_{role}" for kind, _district, role in standing.postings}


def _home(obj: Any) -> tuple[int | None, str | None]:
    """Return (organisation pk, district code) that decide jurisdiction over `obj`."""
    if obj is None or hasattr(obj, "host_id"):  # a programme, call or questionnaire belongs to the office that made it
        return None, getattr(obj, "host_id", None)
    if hasattr(obj, "office_district_id"):
        return obj.organisation_id, obj.office_district_id
    if hasattr(obj, "application_id") and obj.application_id:
        return _home(obj.application)
    if hasattr(obj, "uscc") and hasattr(obj, "district_id"):
        return obj.pk, obj.district_id
    if hasattr(obj, "organisation_id") and obj.organisation_id:
        return obj.organisation_id, obj.organisation.district_id
    return None, getattr(obj, "district_id", None)


def _is_seated(user: Any, obj: Any) -> bool:
    assignments = getattr(getattr(obj, "application", obj), "assignments", None)
    return assignments is not None and assignments.filter(user=user, seat="expert", ended_at=None).exists()


def check(user: Any, permission: Permission, obj: Any = None) -> None:
    """Raise `Denied` with the permission's sentence unless one of the user's roles towards `obj` holds it.

    An official without a second factor is refused every act that has legal effect.
    """
    roles = roles_of(user, obj)
    if not any(permission in ROLES.get(role, frozenset()) for role in roles):
        raise Denied(permission.value)
    if permission in SECOND_FACTOR and not has_second_factor(user):
        raise Denied(
            _("您还没有设置两步验证。请先在“账户 → 安全”中设置，再办理这项工作。"), code="second_factor_needed"
        )


def can(user: Any, permission: Permission, obj: Any = None) -> Verdict:
    """Return a Verdict instead of raising: for buttons and their hints."""
    try:
        check(user, permission, obj)
    except Denied as denied:
        return Verdict(False, denied.sentence)
    return YES


def has_second_factor(user: Any) -> bool:
    """Return whether the person has an authenticator (TOTP or passkey). Asked once per request."""
    known = user.__dict__.get("_has_second_factor")
    if known is None:
        known = user.authenticator_set.exclude(type="recovery_codes").exists()
        user.__dict__["_has_second_factor"] = known
    return known
