"""What the register gives to the city's figures. Rights that only members or named persons see are never counted."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from patents.dates import codes
from patents.models import Right, RightKind
from portal import formats
from portal.clock import today
from portal.figure_kinds import DATE_COLUMNS, FIRM, PIECES
from portal.measures import Better, Column, Measure, Source, Time, Window, register
from portal.models import Deadline, Secrecy
from portal.pieces import status_pill

COLUMNS = (
    FIRM,
    Column(_("名称"), lambda row: row.title),
    Column(_("类型"), lambda row: row.get_kind_display()),
    Column(_("申请日"), lambda row: formats.day(row.filed_on)),
    Column(_("法律状态"), lambda row: status_pill("right", row.state)),
)
# kind -> (code, words, clause)
KINDS = {
    RightKind.INVENTION: ("inventions-valid", _("有效发明专利"), "7"),
    RightKind.UTILITY_MODEL: ("utility-models-valid", _("有效实用新型"), "7"),
    RightKind.DESIGN: ("designs-valid", _("有效外观设计"), "7"),
    RightKind.FOREIGN_PATENT: ("foreign-patents-valid", _("境外有效专利"), "8"),
    RightKind.TRADEMARK: ("trademarks-valid", _("有效商标"), "13"),
    RightKind.INDICATION: ("indications-valid", _("地理标志"), "13"),
    RightKind.SOFTWARE: ("software-valid", _("软件著作权"), "4"),
}


def in_force(_window: Window) -> Any:
    """Rights in force that every official of the area may know of."""
    return Right.objects.in_force().filter(secrecy=Secrecy.OPEN)


def granted(window: Window) -> Any:
    rows = Right.objects.filter(secrecy=Secrecy.OPEN, kind=RightKind.INVENTION)
    return rows.filter(granted_on__gte=window.start, granted_on__lt=window.end)


def late(_window: Window) -> Any:
    """Annuities whose day has passed and that nobody has paid."""
    rows = Deadline.objects.open().filter(secrecy=Secrecy.OPEN, rule_code__startswith=codes.PREFIX + codes.ANNUITY)
    return rows.filter(legal_on__lt=today())


def right_link(row: Right) -> str:
    return reverse("right", args=[row.number])


def register_all() -> None:
    """Make the register's measures known; called once when the app is ready."""
    how = _("登记在平台、主管部门可见、现在有效的件数。")
    kinds = tuple(
        Measure(code, title, clause, PIECES, how, Better.UP, base=Q(kind=kind), is_public=True)
        for kind, (code, title, clause) in KINDS.items()
    )
    high = Measure(
        "inventions-high-value", _("高价值发明专利"), "7", PIECES,
        _("现在有效、至少符合一项高价值条件的发明专利件数。"), Better.UP,
        base=Q(kind=RightKind.INVENTION, is_high_value=True), is_public=True,
    )  # fmt: skip
    register(
        Source("rights", Time.STATE, in_force, (*kinds, high), COLUMNS, order=("-filed_on", "-id"), link=right_link)
    )
    new = Measure(
        "inventions-granted", _("新授权发明专利"), "7", PIECES, _("期间内授权公告的发明专利件数。"), Better.UP
    )
    register(
        Source("rights-granted", Time.FLOW, granted, (new,), COLUMNS, order=("-granted_on", "-id"), link=right_link)
    )
    unpaid = Measure(
        "annuities-late", _("逾期未缴年费"), "4", PIECES, _("法定日已过、还没有缴纳的年费笔数。"), Better.DOWN
    )
    register(Source("annuities", Time.STATE, late, (unpaid,), DATE_COLUMNS, order=("-legal_on", "-id")))
