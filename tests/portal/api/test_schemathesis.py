"""Requests made from the schema, sent by several people to real cases: never a server error, always as described."""

import datetime as dt
import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from patents import money, rights
from patents.models import RightKind
from portal import procedures, tokens
from portal.api.views import public
from portal.clock import now
from portal.models import Application, Call, Deadline, Notification, Organisation, User
from services.protection.models import Country, LawChange
from tests.factories import cases
from tests.factories.alerts import make_alert
from tests.factories.rights import make_right
from tests.protection.own.making import deliver

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 14
PLAIN_SHARE = 0.2  # so many requests come from anybody, or keep the number that was made up
SEED = 20260101
INVENTOR = "林知远"
ALERTS = ("alerts-for-us", "watches")
REGISTER = ("rights", "deadlines", "money", "forecast", "scenarios", "families", "products", "imports", "high-value")


class World:
    """People with tokens, and per noun of the address who mostly asks and what there really is."""

    def __init__(self, people: list[User], usual: dict[str, list[User]], numbers: dict[str, list[str]]) -> None:
        self.tokens = {person.pk: tokens.create(person, label="t", scopes=tokens.SCOPES)[1] for person in people}
        self.people, self.usual, self.numbers = people, usual, numbers
        self.random = random.Random(SEED)

    def dress(self, case: Any) -> None:
        """Give a made-up request a person and, mostly, a number of something real."""
        noun = case.operation.path.removeprefix("/api/v1/").split("/")[0]
        is_plain = self.random.random() < PLAIN_SHARE
        person = self.random.choice(self.people if is_plain else self.usual.get(noun, self.people))
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {self.tokens[person.pk]}"}
        if self.random.random() < PLAIN_SHARE:
            return
        real_numbers = self.numbers.get(noun)
        for name, real in (("number", real_numbers), ("right", real_numbers), ("key", ["ip_staff"])):
            if real and name in (case.path_parameters or {}):
                case.path_parameters[name] = self.random.choice(real)
        if isinstance(case.body, dict):
            case.body.update({name: self.random.choice(real) for name, real in self.bodies() if name in case.body})

    def bodies(self) -> list[tuple[str, list[str]]]:
        """Return real values for fields that no random text would hit."""
        numbers = self.numbers
        return [
            ("call", numbers["calls"]),
            ("organisation", numbers["organisations"]),
            ("district", ["310104"]),
            ("inventor", [INVENTOR]),
        ]


def alert_numbers(organisation: Organisation, administrator: User) -> dict[str, list[str]]:
    """Return alerts at several stages, one of them with an enterprise that asks for help."""
    told = deliver(organisation, help_asked_at=now(), help_text="怎样找律师？", state="in_hand")
    written = [make_alert(stage, author=administrator).alert.number for stage in ("draft", "in_review")]
    place = Country.objects.get_or_create(code="US", defaults={"name": "美国"})[0]
    law = LawChange.objects.create(country=place, title="法", instrument="法", change="改", source="示例")
    return {
        "alerts": [told.alert.number],
        "alert-reach": [told.alert.number],
        "alert-desk": [told.alert.number, *written],
        "alerts-for-us": [told.number],
        "alert-calls": [told.number],
        "laws": [law.number],
    }


@pytest.fixture
def world(
    applicant: User, officer: User, supervisor: User, city_officer: User, city_supervisor: User, administrator: User,
    expert: User, second_expert: User, stranger: User, organisation: Organisation, call: Call,
    draft: Application, other_organisation: Organisation,
) -> World:  # fmt: skip
    """Return a district at work: a draft, a case in review, one with experts."""
    scoring = cases.recommended(organisation, applicant, officer, supervisor, cases.make_call())
    procedures.draw_experts(scoring, by=None)
    review = cases.in_review(organisation, applicant, officer, cases.make_call())
    procedures.return_for_correction(review, [procedures.Mark("ip_staff", "mismatch", "请核对。")], by=officer)
    fresh = cases.submitted(other_organisation, stranger, call)
    numbers = [row.number for row in (draft, scoring, review, fresh)]
    patent = make_right(organisation, inventors=[INVENTOR], pledge_amount=800_000)
    mark = make_right(organisation, RightKind.TRADEMARK, classes=["9"], granted_on=dt.date(2022, 5, 7))
    rights.changed([patent.pk, mark.pk])
    for right in (patent, mark):  # what money is entered for cannot be deleted by the way
        money.record(right, stage="payment", code="other", amount=Decimal(1), on=dt.date(2026, 3, 2), by=applicant)
    dates = list(Deadline.objects.filter(subject_type="right").values_list("number", flat=True))
    inbox = list(Notification.objects.values_list("number", flat=True)[:5])
    return World(
        [applicant, officer, supervisor, city_supervisor, expert, administrator, city_officer, stranger],
        {
            "applications": [applicant],
            "organisations": [applicant],
            "notifications": [applicant, officer],
            **{noun: [applicant] for noun in (*REGISTER, *ALERTS)},
            "alert-desk": [officer, administrator],
            "alert-calls": [officer],
            "open-rights": [officer, city_officer],
            "reviews": [expert],
            "cases": [officer, supervisor, city_officer, city_supervisor],
        },
        {
            "applications": numbers,
            "cases": numbers[1:],
            "reviews": [scoring.number],
            "calls": [call.number],
            "organisations": [organisation.number, other_organisation.number],
            "supervised-organisations": [organisation.number],
            "notifications": inbox,
            "rights": [patent.number, mark.number],
            "open-rights": [patent.number, mark.number],
            "deadlines": dates,
            **alert_numbers(organisation, administrator),
        },
    )


@pytest.fixture
def unthrottled(settings: Any) -> None:
    settings.API_RATES = dict.fromkeys(settings.API_RATES, "1000000/min")


def hammer(operation: Any, world: World, sent: Counter[int]) -> None:
    """Send made-up requests to one operation; the first that breaks a promise fails with its description."""

    @seed(SEED)
    @given(case=operation.as_strategy())
    @hypothesis_settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        world.dress(case)
        response = case.call()
        sent[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    run()


def operations() -> list[Any]:
    """Return every operation of the schema."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("fault", [1 / 3, None], ids=["answer that is not described", "server error"])
def test_api_gate_goes_red_on_a_planted_fault(
    fault: Any, world: World, unthrottled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_options: Any) -> Any:
        return fault or 1 // 0

    monkeypatch.setattr(public.Districts, "shown", broken)
    planted = next(found for found in operations() if found.path == "/api/v1/districts/")
    with pytest.raises((BaseExceptionGroup, AssertionError, Failure)):
        hammer(planted, world, Counter())


def test_api_never_errs_and_keeps_to_its_schema(world: World, unthrottled: None) -> None:
    sent: Counter[int] = Counter()
    broken = []
    everything = operations()
    for operation in everything:
        try:
            hammer(operation, world, sent)
        except (Exception, BaseExceptionGroup) as error:
            found = [*error.exceptions] if isinstance(error, BaseExceptionGroup) else [error]
            broken += [f"{operation.method.upper()} {operation.path}: {one}" for one in found]
    assert not broken, "\n\n".join(broken)
    assert len(everything) > 120
    assert sum(sent.values()) >= 500
    assert {200, 201, 400, 403, 404, 409} <= set(sent), sent
