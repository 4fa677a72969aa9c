"""Reach of an alert: who got it, read it, answered it; by district, industry, state and day. For officials alone.

Districts see their own enterprises. Figures are read by two statements, whatever the number of enterprises.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import reports
from portal.clock import now
from portal.errors import Denied
from portal.models import District, User, standing_of
from portal.permissions import has_second_factor
from portal.report_files import Column, Table
from services.protection import reasons
from services.protection.models import Alert, AlertDelivery, DeliveryState, Dimension
from services.protection.withholding import Figure, is_few, parts, whole

DAYS = 14  # of the curve after the first delivery
CHUNK = 2_000
REPORT = "alert-reach"
LEFT = "left"


@dataclass(frozen=True)
class Count3:
    """Enterprises that have it, of those that read it, and of those that answered; None where it is withheld."""

    delivered: Figure = 0
    read: Figure = 0
    reacted: Figure = 0

    @property
    def share(self) -> float | None:
        """Return which part of them read it, None where it is withheld."""
        if self.delivered is None or self.read is None:
            return None
        return self.read / self.delivered if self.delivered else 0.0


@dataclass
class Reach:
    """Everything about one alert. `states`: state -> enterprises; `days`: (day, delivered, read), running totals."""

    total: Count3 = field(default_factory=Count3)
    left: Figure = 0
    help_asked: Figure = 0
    on_list: Figure = 0
    districts: dict[str, Count3] = field(default_factory=dict)
    industries: dict[str, Count3] = field(default_factory=dict)
    states: dict[str, Figure] = field(default_factory=dict)
    days: list[tuple[dt.date, int, int]] = field(default_factory=list)


def area_of(user: User) -> list[str] | None:
    """Return the districts an official sees, None for all of them."""
    standing = standing_of(user)
    return None if standing.is_city else sorted(standing.districts)


def deliveries(user: User, alert: Alert) -> QuerySet[AlertDelivery]:
    """Return the deliveries of an alert in an official's area."""
    rows = AlertDelivery.objects.filter(alert=alert)
    area = area_of(user)
    return rows if area is None else rows.filter(organisation__district__in=area)


def of(alert: Alert, user: User) -> Reach:
    """Return the reach of an alert as this official may see it."""
    params = {"alert": alert.pk, "area": area_of(user), "industry": int(Dimension.INDUSTRY), "days": DAYS}
    found = Reach()
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, params)
        for what, key, *counts, left, helped, listed in cursor.fetchall():
            _take(found, what, key or "", Count3(*counts), (left, helped, listed))
        cursor.execute(CURVE, params)
        found.days = [(day, delivered, read) for day, delivered, read in cursor.fetchall()]
    return found


def _take(found: Reach, what: str, key: str, count: Count3, rest: tuple[int, int, int]) -> None:
    if what == "district":
        found.districts[key] = count
    elif what == "industry":
        found.industries[key] = count
    elif what == "state":
        found.states[key] = count.delivered
    else:
        found.total = count
        found.left, found.help_asked, found.on_list = rest


def may_open_list(user: User) -> bool:
    """Tell whether an official may have the list of enterprises itself: others read no figure of under five."""
    return standing_of(user).is_official and has_second_factor(user)


def seen_by(alert: Alert, user: User) -> Reach:
    """Return the reach of an alert with what this official may not know withheld."""
    found = of(alert, user)
    return found if may_open_list(user) else withheld(found)


def withheld(found: Reach) -> Reach:
    """Return the reach without figures that stand for one to four enterprises, or give one away by subtraction.

    The curve goes with them: two days beside each other would tell how many came between.
    """
    districts, districts_safe = _withheld(found.districts)
    industries, industries_safe = _withheld(found.industries)
    states, states_safe = parts({state: count or 0 for state, count in found.states.items()})
    total = found.total.delivered or 0
    if is_few(total) or not (districts_safe and industries_safe and states_safe):
        nothing: dict[str, Any] = {"left": None, "help_asked": None, "on_list": None}
        return Reach(NONE, **nothing, districts=dict.fromkeys(districts, NONE),
                     industries=dict.fromkeys(industries, NONE), states=dict.fromkeys(states))  # fmt: skip
    return Reach(
        _count_withheld(found.total), whole(found.left or 0), whole(found.help_asked or 0, total),
        whole(found.on_list or 0, total), districts, industries, states,
    )  # fmt: skip


def _withheld(counts: dict[str, Count3]) -> tuple[dict[str, Count3], bool]:
    """Return the rows of a table, a row withheld whole where any of its figures must be, with company for it."""
    few = [key for key, count in counts.items() if None in vars(_count_withheld(count)).values()]
    shown, is_safe = parts({key: count.delivered or 0 for key, count in counts.items()}, hidden=few)
    return {key: counts[key] if figure is not None else NONE for key, figure in shown.items()}, is_safe


def _count_withheld(count: Count3) -> Count3:
    delivered = count.delivered or 0
    return Count3(whole(delivered), whole(count.read or 0, delivered), whole(count.reacted or 0, delivered))


NONE = Count3(None, None, None)
AREA = """(%(area)s::text[] IS NULL OR o.district_id = ANY(%(area)s::text[]))"""
FIGURES = (
    """
WITH rows AS MATERIALIZED (
    SELECT o.district_id, left(e.key, 2) AS division, d.state, d.read_at, d.reacted_at, d.left_at, d.help_asked_at,
        d.rung >= 3 AND d.read_at IS NULL AND d.called_at IS NULL AS is_listed
    FROM protection_alertdelivery d JOIN portal_organisation o ON o.id = d.organisation_id
    LEFT JOIN protection_exposure e ON e.organisation_id = d.organisation_id AND e.dimension = %(industry)s
        AND char_length(e.key) = 2
    WHERE d.alert_id = %(alert)s AND {area}
)
SELECT CASE grouping(district_id, division, state) WHEN 3 THEN 'district' WHEN 5 THEN 'industry' WHEN 6 THEN 'state'
        ELSE 'all' END,
    coalesce(district_id, division, state),
    count(*) FILTER (WHERE left_at IS NULL), count(read_at) FILTER (WHERE left_at IS NULL),
    count(reacted_at) FILTER (WHERE left_at IS NULL), count(left_at),
    count(help_asked_at) FILTER (WHERE left_at IS NULL), count(*) FILTER (WHERE is_listed AND left_at IS NULL)
FROM rows GROUP BY GROUPING SETS ((), (district_id), (division), (state))
"""
).replace("{area}", AREA)
CURVE = """
WITH marks AS (
    SELECT (d.delivered_at AT TIME ZONE 'Asia/Shanghai')::date AS delivered,
        (d.read_at AT TIME ZONE 'Asia/Shanghai')::date AS read
    FROM protection_alertdelivery d JOIN portal_organisation o ON o.id = d.organisation_id
    WHERE d.alert_id = %(alert)s AND d.left_at IS NULL AND {area}
),
counted AS (
    SELECT day, sum(delivered) AS delivered, sum(read) AS read FROM (
        SELECT delivered AS day, count(*) AS delivered, 0 AS read FROM marks GROUP BY 1 UNION ALL
        SELECT read, 0, count(*) FROM marks WHERE read IS NOT NULL GROUP BY 1
    ) each GROUP BY day
)
SELECT day::date, (SELECT coalesce(sum(delivered), 0) FROM counted c WHERE c.day <= days.day),
    (SELECT coalesce(sum(read), 0) FROM counted c WHERE c.day <= days.day)
FROM (SELECT min(day) AS first FROM counted) begun,
    generate_series(begun.first, least(begun.first + %(days)s - 1, (now() AT TIME ZONE 'Asia/Shanghai')::date),
        interval '1 day') AS days(day)
ORDER BY 1
""".replace("{area}", AREA)


def overview(user: User) -> QuerySet[Alert]:
    """Return published alerts with `delivered`, `read` and `reacted` in the official's area, for a page of them."""
    rows = Alert.objects.visible_to(user).public().select_related("current")
    area = area_of(user)
    mine = Q(deliveries__left_at=None)
    if area is not None:
        mine &= Q(deliveries__organisation__district__in=area)
    return rows.annotate(
        delivered=Count("deliveries", filter=mine),
        read=Count("deliveries", filter=mine & Q(deliveries__read_at__isnull=False)),
        reacted=Count("deliveries", filter=mine & Q(deliveries__reacted_at__isnull=False)),
    )


def lines(alerts: Sequence[Alert], user: User) -> list[Alert]:
    """Return alerts of one page with their figures, as this official may know them."""
    found = overview(user).filter(pk__in=[alert.pk for alert in alerts])
    rows = list(found.order_by(F("published_at").desc(nulls_last=True), "-pk"))
    if not may_open_list(user):
        for row in rows:
            count = _count_withheld(Count3(row.delivered, row.read, row.reacted))  # type: ignore[attr-defined]
            for name, figure in vars(count).items():
                setattr(row, name, figure)
    return rows


# --- export -------------------------------------------------------------------------------------------------------
def may_export(user: User) -> None:
    """Officials with a second factor. Raises Denied."""
    if not standing_of(user).is_official:
        raise Denied(gettext_lazy("只有政府工作人员可以导出送达和回应情况。"))
    if not has_second_factor(user):
        sentence = gettext_lazy("您还没有设置两步验证。请先在“账户 → 安全”中设置，再导出。")
        raise Denied(sentence, code="second_factor_needed")


def build(user: User, parameters: dict[str, Any]) -> Table:
    """Return every delivery of the alert named by `alert`, in the official's area; what is watched stays general."""
    alert = Alert.objects.visible_to(user).public().filter(number=parameters.get("alert", "")).first()
    rows = deliveries(user, alert) if alert else AlertDelivery.objects.none()
    names = {district.code: str(district) for district in District.objects.all()}
    states = dict(DeliveryState.choices)
    values = rows.order_by("organisation__district", "organisation__name", "pk").values_list(
        "organisation__name", "organisation__uscc", "organisation__district", "reasons", "state", "left_at",
        "delivered_at", "read_at", "reacted_at", "why_not", "help_asked_at", "called_at",
    )  # fmt: skip

    def shown() -> Iterator[Any]:
        for name, uscc, district, why, state, left_at, *rest in values.iterator(chunk_size=CHUNK):
            word = _("不再涉及") if left_at else str(states.get(state, state))
            yield (name, uscc, names.get(district, ""), reasons.sentence(why, for_official=True), word, *rest)

    heads = [
        (_("企业"), 34), (_("统一社会信用代码"), 22), (_("所在区"), 12), (_("理由"), 50), (_("状态"), 12),
        (_("送达时间"), 17), (_("阅读时间"), 17), (_("回应时间"), 17), (_("无关的理由"), 30), (_("求助时间"), 17),
        (_("电话联系时间"), 17),
    ]  # fmt: skip
    title = _("送达和回应 %(number)s") % {"number": alert.number if alert else ""}
    return Table(title, [Column(*head) for head in heads], shown(), rows.count(), now())


def register() -> None:
    """Make the export known; called once when the app is ready."""
    reports.register(
        reports.Report(
            REPORT, gettext_lazy("风险提示送达和回应"),
            gettext_lazy("一条风险提示的每家企业：理由、状态、时间。请从送达页导出。"), may_export, build,
        )
    )  # fmt: skip
