"""The side navigation of each hat, as data: groups of items that name a route, an icon and where it is current.

An item whose route does not exist yet is left out, so that an area can be named here before it is built.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from portal.hats import Hat
from portal.models import JoinRequest, TaskShare, Verification
from portal.pagination import capped_counts

MOST = 99


@dataclass(frozen=True)
class Item:
    """One line: route name, words, icon. `of`: what the address needs; `roles` limits it; its figure counts `rows`."""

    route: str
    label: Any
    icon: str
    of: str = ""
    roles: frozenset[str] = frozenset()
    rows: Callable[[Hat], QuerySet[Any]] | None = None


@dataclass(frozen=True)
class Group:
    heading: Any
    items: tuple[Item, ...]


def _verifications(hat: Hat) -> QuerySet[Any]:
    return Verification.objects.open().filter(organisation__district=hat.office.district_id if hat.office else None)


def _join_requests(hat: Hat) -> QuerySet[Any]:
    rows = JoinRequest.objects.filter(status=JoinRequest.Status.OPEN)
    if hat.organisation:
        return rows.filter(organisation=hat.organisation, asks_district=False)
    return rows.filter(organisation__district=hat.office.district_id if hat.office else None, asks_district=True)


def _late_tasks(hat: Hat) -> QuerySet[Any]:
    rows = TaskShare.objects.overdue()
    return rows.filter(district=hat.office.district_id) if hat.office and hat.office.district_id else rows


HOME = Item("dashboard", _("首页"), "home")
INBOX = Item("inbox", _("通知"), "bell")
DATES = Item("date-list", _("期限"), "calendar")
REPORTS = Item("report-list", _("报表和导出"), "file-spreadsheet")
ADMIN = frozenset({"administrator"})
OWNER = frozenset({"owner"})
LEADING = frozenset({"owner", "manager"})
HANDLING = frozenset({"officer", "supervisor"})
SEEING = HANDLING | {"administrator", "auditor"}  # who sees cases in the city; see portal.permissions.ROLES
MAKING = frozenset({"supervisor", "administrator"})  # of a district: its own programmes
SEEING_DISTRICT = HANDLING | {"auditor"}

WORK = Group(
    _("五大工作"),
    (
        Item("management-systems", _("制度建设"), "building"),
        Item("rights", _("创造质量"), "bulb"),
        Item("finance", _("运用效益"), "coin-yuan"),
        Item("protection", _("保护能力"), "shield"),
        Item("services", _("公共服务"), "users"),
    ),
)

GROUPS: dict[str, tuple[Group, ...]] = {
    "enterprise": (
        Group(
            "",
            (
                HOME,
                Item("application-list", _("我的办件"), "folder"),
                Item("call-list", _("申报批次"), "send"),
                DATES,
                Item("dispute-list", _("海外纠纷"), "world"),
                INBOX,
            ),
        ),
        WORK,
        Group(
            _("本企业"),
            (
                Item("profile", _("企业资料"), "building-bank", of="organisation"),
                Item("organisation-verification", _("企业核实"), "shield-check", of="organisation"),
                Item("member-list", _("成员与权限"), "users", of="organisation", rows=_join_requests),
                Item("webhook-list", _("系统对接"), "link", of="organisation", roles=LEADING),
                Item("organisation-history", _("操作记录"), "history", of="organisation"),
                REPORTS,
            ),
        ),
    ),
    "district": (
        Group(
            "",
            (
                HOME,
                Item("case-list", _("办件队列"), "folder", roles=SEEING_DISTRICT),
                Item("assignment-desk", _("分派和代理"), "user-share", roles=SEEING_DISTRICT),
                Item("verification-list", _("待核实企业"), "building-bank", roles=HANDLING, rows=_verifications),
                Item(
                    "district-join-list",
                    _("加入申请"),
                    "user-plus",
                    roles=frozenset({"supervisor"}),
                    rows=_join_requests,
                ),
                INBOX,
            ),
        ),
        WORK,
        Group(
            _("本区"),
            (
                Item("district-organisation-list", _("本区企业"), "building"),
                Item("alert-desk", _("风险提示"), "bell-ringing"),
                Item("recognition-list", _("认定名单"), "certificate"),
                Item("figures", _("数据与月报"), "chart-bar"),
                Item("task-list", _("市区协同"), "list-check", rows=_late_tasks),
                REPORTS,
            ),
        ),
        Group(
            _("本区项目"),
            (
                Item("programme-list", _("认定项目"), "stack-2", roles=MAKING),
                Item("call-editor-list", _("编制批次"), "send", roles=MAKING),
                Item("questionnaire-list", _("问卷与标准"), "list-check", roles=MAKING),
            ),
        ),
    ),
    "city": (
        Group(
            "",
            (
                HOME,
                Item("case-list", _("办件队列"), "folder", roles=SEEING),
                Item("assignment-desk", _("代理和模板"), "user-share", roles=SEEING),
                Item("bulk-list", _("批量决定"), "checklist", roles=frozenset({"supervisor"})),
                Item("call-editor-list", _("申报批次"), "send"),
                Item("notice-list", _("公示"), "speakerphone"),
                Item("alert-desk", _("风险提示"), "bell-ringing"),
                Item("recognition-list", _("认定名单"), "certificate"),
                Item("recognition-register", _("中期检查和验收"), "clipboard-check", roles=SEEING),
                Item("dispute-aid-list", _("海外纠纷援助"), "world", roles=HANDLING),
                INBOX,
            ),
        ),
        WORK,
        Group(
            _("管理"),
            (
                Item("programme-list", _("认定项目"), "stack-2"),
                Item("questionnaire-list", _("问卷与标准"), "list-check"),
                Item("expert-list", _("专家库"), "school", roles=SEEING),
                Item("office-list", _("办公室"), "building-bank", roles=ADMIN),
                Item("people-list", _("人员与角色"), "users", roles=ADMIN),
                Item("figures", _("数据与月报"), "chart-bar"),
                Item("target-list", _("目标"), "target"),
                Item("task-list", _("市区协同"), "list-check", rows=_late_tasks),
                REPORTS,
                Item("rules", _("规则与费用"), "book"),
                Item("audit-list", _("审计日志"), "history", roles=frozenset({"administrator", "auditor"})),
            ),
        ),
    ),
    "expert": (
        Group(
            "",
            (
                HOME,
                Item("review-list", _("我的评审"), "list-check"),
                Item("dispute-aid-list", _("海外纠纷援助"), "world"),
                INBOX,
            ),
        ),
    ),
    "none": (
        Group("", (HOME, Item("register", _("登记企业"), "building"), Item("call-list", _("申报批次"), "send"), INBOX)),
    ),
}


def nav_for(request: HttpRequest, hat: Hat) -> list[dict[str, Any]]:
    """Return the groups of the present hat as the side navigation shows them; all figures by one statement."""
    shown = [(group.heading, [item for item in group.items if _is_for(item, hat)]) for group in GROUPS[hat.kind]]
    rows = {item.route: item.rows(hat) for _heading, items in shown for item in items if item.rows}
    counts = capped_counts(rows, MOST + 1)
    lines = [(heading, [_line(item, hat, counts.get(item.route, 0)) for item in items]) for heading, items in shown]
    groups = [{"heading": heading, "items": [line for line in found if line]} for heading, found in lines]
    return _mark_current([group for group in groups if group["items"]], request.path)


def _is_for(item: Item, hat: Hat) -> bool:
    return not item.roles or bool(item.roles & hat.roles)


def _line(item: Item, hat: Hat, count: int) -> dict[str, Any] | None:
    try:
        args = [hat.organisation.number] if item.of == "organisation" and hat.organisation else []
        url = reverse(item.route, args=args)
    except NoReverseMatch:
        return None
    figure = f"{MOST}+" if count > MOST else count
    return {"url": url, "label": item.label, "icon": item.icon, "count": figure, "is_hot": bool(count)}


def _mark_current(groups: list[dict[str, Any]], path: str) -> list[dict[str, Any]]:
    items = [item for group in groups for item in group["items"]]
    fitting = [item for item in items if path.startswith(item["url"])]
    if fitting:
        max(fitting, key=lambda item: len(item["url"]))["is_current"] = True
    return groups
