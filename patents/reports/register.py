"""The register as a file: the chosen rights of an enterprise, or the open ones of an office's area."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patents.choosing import narrow
from patents.models import Flag, LegalStatus, Reduction, Right, RightKind
from patents.models.rights import RightQuerySet
from portal import reports
from portal.clock import now
from portal.errors import Denied
from portal.formats import listed
from portal.models import Secrecy, User, standing_of
from portal.permissions import has_second_factor
from portal.report_files import Column, Table

CHUNK = 2_000
COLUMNS = (
    "organisation__name", "number", "kind", "country", "title", "application_number", "publication_number",
    "registration_number", "international_number", "status", "status_on", "filed_on", "published_on", "granted_on",
    "expires_on", "ends_on", "owners", "inventors", "agent", "main_ipc", "classes", "flags",
)  # fmt: skip
OWN_COLUMNS = ("responsible__name", "grade", "reduction", "secrecy")
CODES: dict[str, dict[Any, Any]] = {
    "kind": dict(RightKind.choices),
    "status": dict(LegalStatus.choices),
    "reduction": dict(Reduction.choices),
    "secrecy": dict(Secrecy.choices),
}
FLAGS = dict(Flag.choices)


def _may(user: User) -> None:
    """Members and officials; officials with a second factor, because exporting is an official act."""
    standing = standing_of(user)
    if not standing.roles and not standing.is_official:
        raise Denied(gettext_lazy("知识产权台账属于企业和主管部门。请先加入或登记企业。"))
    if not standing.roles and not has_second_factor(user):
        sentence = gettext_lazy("您还没有设置两步验证。请先在“账户 → 安全”中设置，再导出。")
        raise Denied(sentence, code="second_factor_needed")


def _rows(user: User, parameters: dict[str, Any]) -> RightQuerySet:
    """Return the rights of the named enterprise one belongs to, else what is open to one's office."""
    rows: RightQuerySet = Right.objects.visible_to(user)
    standing = standing_of(user)
    if parameters.get("organisation"):
        return rows.filter(organisation__number=parameters["organisation"], organisation__in=list(standing.roles))
    if standing.is_official and has_second_factor(user):
        return rows.filter(secrecy=Secrecy.OPEN).exclude(organisation__in=list(standing.roles))
    return rows.filter(organisation__in=list(standing.roles))


def build(user: User, parameters: dict[str, Any]) -> Table:
    """Return the chosen rights, newest filing first."""
    rows = narrow(_rows(user, parameters), parameters)
    is_own = bool(parameters.get("organisation"))
    names = (*COLUMNS, *OWN_COLUMNS) if is_own else COLUMNS
    values = rows.order_by("-filed_on", "-pk").values_list(*names)

    def shown() -> Any:
        for row in values.iterator(chunk_size=CHUNK):
            yield [_cell(name, value) for name, value in zip(names, row, strict=True)]

    heads = [Column(*head) for head in _heads(is_own)]
    return Table(_("知识产权台账"), heads, shown(), rows.count(), now())


def _cell(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return listed(FLAGS.get(part, part) for part in value)
    return str(CODES[name].get(value, value)) if name in CODES else value


def _heads(is_own: bool) -> list[tuple[str, int]]:
    heads = [
        (_("企业"), 30), (_("编号"), 12), (_("类型"), 12), (_("国家或地区"), 8), (_("名称"), 44), (_("申请号"), 20),
        (_("公布号或公告号"), 18), (_("注册号或登记号"), 18), (_("国际申请号或注册号"), 20), (_("法律状态"), 12),
        (_("状态日期"), 12), (_("申请日"), 12), (_("公布日或初审公告日"), 12), (_("授权公告日或注册日"), 12),
        (_("届满日"), 12), (_("届满日（含推算）"), 12), (_("权利人"), 30), (_("发明人"), 24),
        (_("代理机构"), 24), (_("主分类号"), 14), (_("分类号"), 24), (_("权利负担"), 16),
    ]  # fmt: skip
    own = [(_("负责人"), 12), (_("分级"), 6), (_("费减"), 12), (_("可见范围"), 14)]
    return [*heads, *own] if is_own else heads


def register() -> None:
    """Make the report known; called once when the app is ready."""
    help_text = gettext_lazy("本企业（主管部门为辖区公开）的知识产权，可按列表的筛选导出。")
    reports.register(reports.Report("rights", gettext_lazy("知识产权台账"), help_text, _may, build))
