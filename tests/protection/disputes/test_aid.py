"""Help with a dispute: who sees what at which step, one taker, declarations, answers, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest

from portal.errors import Denied, RuleBroken
from portal.models import Expert, Organisation, User
from portal.permissions import ROLES, Permission
from services.protection.disputes import aid
from services.protection.models import DisputeAid, OverseasDispute
from services.protection.models.disputes import HELPING_ROLES
from tests.factories import people as factory

from .making import log_of, open_file, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(dispute: OverseasDispute, applicant: User, city_officer: User, city_supervisor: User) -> DisputeAid:
    return aid.ask(dispute, text="需要美国律师", by=applicant)


def sees(person: Any) -> tuple[int, int]:
    """Return how many requests and how many files this person may know of."""
    person.forget_standing()
    return DisputeAid.objects.visible_to(person).count(), OverseasDispute.objects.visible_to(person).count()


def test_helping_roles_are_those_of_the_permission_table() -> None:
    holders = {role for role, allowed in ROLES.items() if Permission.HELP_ABROAD in allowed}
    assert holders == {f"city_{role}" for role in HELPING_ROLES}


def test_nobody_of_the_city_knows_of_a_dispute_that_asked_for_nothing(
    dispute: OverseasDispute, city_officer: User, administrator: User, auditor: User
) -> None:
    assert [sees(person) for person in (city_officer, administrator, auditor)] == [(0, 0)] * 3


def test_asking_tells_the_desk_and_opens_nothing_but_the_request(
    asked: DisputeAid, city_officer: User, publisher: User, officer: User, colleague: User, expert: User
) -> None:
    assert told("aid_asked") == [
        ("吕市办", f"/dispute-aid/{asked.number}/"),
        ("张市督", f"/dispute-aid/{asked.number}/"),
    ]
    assert sees(city_officer) == (1, 0)
    assert [sees(person) for person in (publisher, officer, colleague, expert)] == [(0, 0)] * 4
    assert log_of(asked.dispute)[-1] == ("aid.asked", "林知远")
    with pytest.raises(RuleBroken, match="已经申请过"):
        aid.ask(asked.dispute, text="再问", by=asked.asked_by)


def test_one_official_takes_it_having_declared(asked: DisputeAid, city_officer: User, city_supervisor: User) -> None:
    with pytest.raises(RuleBroken, match="利益关系"):
        aid.take(asked, has_no_interest=False, by=city_officer)
    aid.take(asked, has_no_interest=True, by=city_officer)
    assert (sees(city_officer), sees(city_supervisor)) == ((1, 1), (1, 0))
    with pytest.raises(RuleBroken, match="吕市办 已经受理"):
        aid.take(asked, has_no_interest=True, by=city_supervisor)
    with pytest.raises(Denied):
        aid.answer(asked, text="x", by=city_supervisor)
    assert told("aid_taken") == [
        ("施怀瑾", f"/disputes/{asked.dispute.number}/"), ("林知远", f"/disputes/{asked.dispute.number}/")
    ]  # fmt: skip
    city_officer.postings.update(ended_at="2026-11-22T00:00Z")  # who leaves the desk leaves it to the others
    city_officer.forget_standing()
    assert sees(city_officer) == (0, 0)
    aid.take(asked, has_no_interest=True, by=city_supervisor)
    assert sees(city_supervisor) == (1, 1)


def test_member_of_the_enterprise_cannot_be_its_helper(asked: DisputeAid, organisation: Organisation) -> None:
    both = factory.post(factory.join(factory.make_user("两边人"), organisation, "viewer"), "city", "officer")
    with pytest.raises(RuleBroken, match="利益关系"):
        aid.take(asked, has_no_interest=True, by=both)


@pytest.fixture
def taken(asked: DisputeAid, city_officer: User) -> DisputeAid:
    return aid.take(asked, has_no_interest=True, by=city_officer)


def test_expert_reads_the_file_after_the_declaration_and_not_after_the_end(
    taken: DisputeAid, city_officer: User, expert: User, second_expert: User
) -> None:
    aid.match(taken, expert=expert, by=city_officer)
    assert told("aid_matched") == [("华专家", f"/dispute-aid/{taken.number}/")]
    assert (sees(expert), sees(second_expert)) == ((1, 0), (0, 0))
    with pytest.raises(RuleBroken, match="先声明"):
        aid.advise(taken, text="x", by=expert)
    aid.declare(taken, has_interest=False, by=expert)
    assert sees(expert) == (1, 1)
    aid.advise(taken, text="可以提无效", by=expert)
    with pytest.raises(RuleBroken, match="先答复"):
        aid.close(taken, by=city_officer)
    aid.answer(taken, text="建议如下", by=city_officer)
    aid.close(taken, by=city_officer)
    taken.refresh_from_db()
    assert (taken.state, taken.opinion, taken.answer) == ("closed", "可以提无效", "建议如下")
    assert (sees(expert), sees(city_officer)) == ((0, 0), (1, 1))
    steps = "asked taken matched declared advised answered closed".split()
    assert [action for action, _who in log_of(taken.dispute)][-7:] == [f"aid.{step}" for step in steps]
    assert len(told("aid_answered")) == len(told("aid_closed")) == 2


def test_expert_with_an_interest_steps_back_and_is_not_offered_again(
    taken: DisputeAid, city_officer: User, expert: User, second_expert: User
) -> None:
    aid.match(taken, expert=expert, by=city_officer)
    aid.declare(taken, has_interest=True, by=expert)
    taken.refresh_from_db()
    assert (taken.expert, sees(expert)) == (None, (0, 0))
    assert told("aid_refused") == [("吕市办", f"/dispute-aid/{taken.number}/")]
    assert [one.user for one in aid.candidates(taken)] == [second_expert]
    with pytest.raises(RuleBroken):
        aid.match(taken, expert=expert, by=city_officer)


def test_candidates_fit_the_matter_first_and_never_belong_to_the_enterprise(
    taken: DisputeAid, organisation: Organisation, expert: User, second_expert: User
) -> None:
    Expert.objects.filter(user=second_expert).update(fields="美国 发明专利 诉讼")
    employed = factory.make_expert("自家专家")
    Expert.objects.filter(user=employed).update(employer_uscc=organisation.uscc)
    factory.make_expert("歇业专家", is_available=False)
    assert [one.user for one in aid.candidates(taken)] == [second_expert, expert]
    assert [one.user for one in aid.candidates(taken, "传感")] == [expert]


def test_what_is_taken_back_is_shut_to_everybody_at_once(
    taken: DisputeAid, applicant: User, city_officer: User, expert: User
) -> None:
    aid.match(taken, expert=expert, by=city_officer)
    aid.declare(taken, has_interest=False, by=expert)
    aid.withdraw(taken.dispute, by=applicant)
    assert (sees(city_officer), sees(expert)) == ((0, 0), (0, 0))
    with pytest.raises(Denied):
        aid.answer(taken, text="x", by=city_officer)
    assert {name for name, _link in told("aid_withdrawn")} == {"吕市办", "华专家"}
    assert aid.ask(taken.dispute, text="再问", by=applicant).is_open
    with pytest.raises(RuleBroken):
        aid.withdraw(open_file(taken.dispute.organisation, applicant), by=applicant)


def test_released_request_waits_for_another(taken: DisputeAid, city_officer: User, city_supervisor: User) -> None:
    aid.release(taken, by=city_officer)
    assert sees(city_officer) == (1, 0)
    aid.take(taken, has_no_interest=True, by=city_supervisor)
    assert sees(city_supervisor) == (1, 1)


def test_officials_without_second_factor_or_seat_take_nothing(
    asked: DisputeAid, publisher: User, officer: User
) -> None:
    weak = factory.post(factory.make_user("弱市办"), "city", "officer")
    weak.authenticator_set.all().delete()
    weak.__dict__.pop("_has_second_factor", None)
    for person in (weak, publisher, officer):
        with pytest.raises(Denied):
            aid.take(asked, has_no_interest=True, by=person)
