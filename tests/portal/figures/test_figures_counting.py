"""The nightly job: what it counts, that it may run twice, that a closed month stays, that every figure has its list."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patents.models import LegalStatus, RightKind
from portal import audit, boards, counting, measures, procedures, rules, targets
from portal.clock import local_date, now, pretend, today
from portal.errors import Denied, RuleBroken
from portal.measures import Time
from portal.models import Application, Deadline, Figure, FigureMonth, Organisation, Secrecy, Span, Target, User
from tests.factories import cases, people, rights

MINHANG, XUHUI = "310112", "310104"


def value(code: str, district: str | None = None, *, month: dt.date | None = None) -> Any:
    rows = Figure.objects.filter(measure=code, district=district, span=Span.MONTH if month else Span.DAY)
    return (rows.filter(period=month) if month else rows).values_list("value", flat=True).get()


@pytest.fixture
def city(organisation: Organisation, other_organisation: Organisation, applicant: User, officer: User) -> Application:
    """Return a case in review, beside rights open and secret and dates kept and missed."""
    application = cases.in_review(organisation, applicant, officer)
    rights.make_right(organisation, is_high_value=True)
    rights.make_right(organisation, RightKind.TRADEMARK)
    rights.make_right(organisation, status=LegalStatus.LAPSED)
    rights.make_right(organisation, secrecy=Secrecy.INTERNAL)
    rights.make_right(organisation, RightKind.TRADE_SECRET)
    rights.make_right(other_organisation)
    for place, (days, met) in enumerate([(10, 12), (10, 9), (40, None)]):
        make_date(organisation, place, days, met)
    make_date(organisation, 9, 20, None, secrecy=Secrecy.NAMED)
    return application


def make_date(organisation: Organisation, place: int, days: int, met: int | None, **extra: Any) -> None:
    day = today() - dt.timedelta(days=days)
    Deadline.objects.create(
        organisation=organisation, subject_type="right", subject_number=f"R{place}", rule_code="right.annuity.5",
        owner="applicant", trigger_event="x", trigger_on=day, target_on=day, legal_on=day,
        met_at=now() - dt.timedelta(days=met) if met else None, **extra,
    )  # fmt: skip


def test_the_night_counts_by_district_and_for_the_city_and_leaves_secrets_out(city: Application) -> None:
    counting.run()
    assert [value("enterprises-registered", place) for place in (None, MINHANG, XUHUI)] == [2, 1, 1]
    assert [value("inventions-valid", place) for place in (None, MINHANG, XUHUI)] == [2, 1, 1]
    assert [value(code, MINHANG) for code in ("trademarks-valid", "inventions-high-value")] == [1, 1]
    assert value("applications-working", MINHANG) == 1
    assert value("dates-kept", MINHANG) == Decimal("33.33")
    assert (value("dates-missed", MINHANG), value("annuities-late", MINHANG)) == (2, 1)
    assert value("applications-handed-in", "310151") == 0, "a district without any has its zero"
    assert (
        Figure.objects.filter(measure="inventions-valid", district=None).values_list("organisations", flat=True)[0] == 2
    )


def test_a_second_run_writes_the_same(city: Application) -> None:
    counting.run()
    names = ("measure", "district", "span", "period", "value", "count", "hits", "organisations", "is_closed")
    before = sorted(map(str, Figure.objects.values_list(*names)))
    counting.run()
    assert sorted(map(str, Figure.objects.values_list(*names))) == before


@pytest.mark.parametrize("who", ["officer", "city_supervisor"])
def test_every_figure_counts_its_list(city: Application, who: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    counting.run()
    place = None if who == "city_supervisor" else MINHANG
    seen = 0
    for measure in measures.everything():
        if measures.source_of(measure).time == Time.STOCK or measures.may_open(user, measure, place):
            row = Figure.objects.get(measure=measure.code, district=place, span=Span.DAY)
            rows = measures.listed(measure, measures.day_window(today()), user, place)
            assert rows.count() == row.count, measure.code
            seen += bool(row.count)
    assert seen >= 8


def test_handling_days_are_those_of_the_clock(
    organisation: Organisation, applicant: User, officer: User, frozen: Callable[[Any], None]
) -> None:
    frozen("2026-11-02 09:00")
    application = cases.in_review(organisation, applicant, officer)
    frozen("2026-11-06 10:00")
    question = application.answers.exclude(key="").first()
    procedures.return_for_correction(
        application, marks=[procedures.Mark(question.key, "unclear", "请补充")], by=officer
    )
    frozen("2026-11-11 10:00")
    application.refresh_from_db()
    Application.objects.filter(pk=application.pk).update(status="in_review")
    from_events(application, "resubmit")
    frozen("2026-11-18 10:00")
    Application.objects.filter(pk=application.pk).update(status="rejected", decided_at=now(), decided_by=officer)
    counting.run()
    calendar = rules.calendar()
    spans = [("2026-11-02", "2026-11-18", 1), ("2026-11-06", "2026-11-11", -1)]
    wanted = sum(
        sign * calendar.workdays_between(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
        for first, last, sign in spans
    )
    assert value("handling-median", MINHANG) == wanted == 9


def from_events(application: Application, verb: str) -> None:
    application.events.create(at=now(), verb=verb, status_from="returned", status_to="in_review")


def test_a_month_closes_once_and_is_counted_again_only_when_asked(
    city: Application, administrator: User, officer: User, frozen: Callable[[Any], None]
) -> None:
    month = today().replace(day=1)
    counting.run()
    frozen(dt.datetime.combine(measures.month_after(month), dt.time(5)))
    counting.run()
    assert FigureMonth.objects.get(pk=month).closed_at == now()
    assert value("inventions-valid", MINHANG, month=month) == 1, "what only the night knew stays"
    with pretend(dt.datetime.combine(month, dt.time(12), tzinfo=now().tzinfo)):
        people.make_organisation()
    counting.run()
    assert value("enterprises-registered", MINHANG, month=month) == 1
    with pytest.raises(Denied):
        counting.ask_again(month, by=officer, reason="补录")
    counting.ask_again(month, by=administrator, reason="补录企业")
    with pytest.raises(RuleBroken):
        counting.ask_again(month, by=administrator, reason="补录企业")
    counting.run()
    row = FigureMonth.objects.get(pk=month)
    assert value("enterprises-registered", MINHANG, month=month) == 2
    assert (row.asked_at, row.recounted_at) == (None, now())
    assert [event.action for event in audit.history_of(row)] == ["figures.recount_asked", "figures.recounted"]
    assert Figure.objects.filter(span=Span.MONTH, period=month, is_closed=False).count() == 0


def test_months_before_the_first_enterprise_are_not_there(organisation: Organisation) -> None:
    counting.run()
    assert set(Figure.objects.filter(span=Span.MONTH).values_list("period", flat=True)) == {today().replace(day=1)}


def test_the_job_takes_the_same_statements_for_few_and_for_many(organisation: Organisation) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            counting.run()
        return len(found)

    counting.run()
    few = statements()
    for _more in range(6):
        rights.make_right(people.make_organisation())
    assert statements() == few


def test_who_may_not_open_the_list_sees_no_small_cell(
    city: Application, officer: User, other_officer: User, city_officer: User, publisher: User
) -> None:
    counting.run()
    code = "enterprises-registered"
    for user, minhang, xuhui in [
        (officer, 1, None), (other_officer, None, 1), (city_officer, 1, 1), (AnonymousUser(), None, None)
    ]:  # fmt: skip
        board = boards.latest(user)
        assert (board.value(code, MINHANG), board.value(code, XUHUI)) == (minhang, xuhui)
    assert boards.latest(publisher).cell("applications-working", MINHANG).is_hidden, "a publisher opens no cases"
    assert boards.latest(AnonymousUser()).cell(code).is_hidden, "two enterprises in all are too few as well"


def make_target(by: User, code: str = "enterprises-registered", **extra: Any) -> Target:
    year = today().year
    values: dict[str, Any] = {
        "measure": code, "district": None, "starts_on": dt.date(year, 1, 1), "ends_on": dt.date(year, 12, 31),
        "value": 4, "basis": "示例", "source": "示例", "status": "sample", **extra,
    }  # fmt: skip
    return targets.create(**values, by=by)


def test_a_target_is_audited_held_against_the_count_and_withdrawn(city: Application, administrator: User) -> None:
    target = make_target(administrator)
    flow = make_target(administrator, "applications-handed-in", value=4)
    counting.run()
    found = {one.target.pk: (one.value, one.percent) for one in boards.reached(boards.latest(administrator))}
    assert found == {target.pk: (2, 50), flow.pk: (1, 25)}
    targets.withdraw(target, reason="调整", by=administrator)
    assert [event.action for event in audit.history_of(target)] == ["target.set", "target.withdrawn"]
    assert [one.target.pk for one in boards.reached(boards.latest(administrator))] == [flow.pk]
    with pytest.raises(RuleBroken):
        targets.withdraw(target, reason="再次", by=administrator)


def test_a_target_is_refused_to_others_and_twice_and_for_part_of_a_month(
    administrator: User, city_supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Denied):
        make_target(city_supervisor)
    for wrong in ({"ends_on": dt.date(today().year, 12, 30)}, {"code": "alerts-delivered"}, {"code": "no-such"}):
        with pytest.raises(RuleBroken):
            make_target(administrator, **wrong)
    make_target(administrator)
    with pytest.raises(RuleBroken):
        make_target(administrator)
    monkeypatch.setattr(audit, "record", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_target(administrator, "enterprises-verified")
    assert Target.objects.count() == 1
    administrator.authenticator_set.all().delete()
    administrator.__dict__.pop("_has_second_factor", None)
    with pytest.raises(Denied):
        make_target(administrator, "enterprises-verified")


def test_windows_are_whole_months_and_twelve_months_to_a_day() -> None:
    assert local_date(measures.month_window(dt.date(2026, 12, 1)).ends_at) == dt.date(2027, 1, 1)
    window = measures.day_window(dt.date(2028, 2, 28))
    assert (window.start, window.end) == (dt.date(2027, 2, 28), dt.date(2028, 2, 29))
