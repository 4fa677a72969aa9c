"""Grades: the statement agrees with the pure twin, a manual grade stays beside the computed one."""

import datetime as dt
import random

import pytest
from django.urls import reverse

from patents import grades, grading
from patents.grading import Advice, Factor, Subject
from patents.models import Family, Product, Right
from portal import audit
from portal.errors import Denied, RuleBroken
from tests.factories.rights import make_right

ON = dt.date(2026, 11, 22)
LICENCES = {"exclusive", "sole", "ordinary", "open"}


def subject_of(right):
    """Read again, one by one, what the statement reads for all."""
    ends_on = right.expires_on
    if ends_on is None and right.filed_on and (years := {"invention": 20, "utility_model": 10}.get(right.kind)):
        ends_on = right.filed_on.replace(year=right.filed_on.year + years) - dt.timedelta(days=1)
    family = Right.objects.filter(family=right.family_id).exclude(pk=right.pk) if right.family_id else []
    return Subject(
        right.kind, ends_on, right.is_core, right.products.filter(is_active=True).exists(), right.is_high_value,
        any(one.country != "CN" and one.is_in_force and one.secrecy != "named" for one in family),
        bool(LICENCES & set(right.flags)), "pledged" in right.flags, bool(right.awards),
    )  # fmt: skip


@pytest.fixture
def many(organisation):
    """Return rights of every make-up."""
    chance = random.Random(7)
    products = [Product.objects.create(organisation=organisation, name=f"p{n}", is_active=n < 2) for n in range(3)]
    families = [Family.objects.create(organisation=organisation, title=f"f{n}") for n in range(4)]
    found = []
    for _n in range(80):
        kind = chance.choice(["invention", "utility_model", "design", "trademark", "foreign_patent", "software"])
        extra = {"country": "US"} if kind == "foreign_patent" else {}
        filed_on = dt.date(2007, 1, 1) + dt.timedelta(days=chance.randrange(7000))
        right = make_right(
            organisation, kind, filed_on=filed_on.replace(day=min(filed_on.day, 28)),
            status=chance.choice(["granted", "granted", "pending", "lapsed", "restored"]),
            family=chance.choice([None, *families]), is_core=chance.random() < 0.3,
            is_high_value=chance.random() < 0.3,
            flags=chance.sample(["pledged", "open", "preserved"], chance.randrange(3)),
            awards=chance.choice([[], ["某奖"]]), secrecy=chance.choice(["open", "named"]),
            expires_on=chance.choice([None, dt.date(2030, 1, 1), dt.date(2031, 11, 22)]), **extra,
        )  # fmt: skip
        right.products.set(chance.sample(products, chance.randrange(3)))
        found.append(right)
    return found


def test_the_statement_agrees_with_the_pure_twin(many):
    grades.regrade(ON)
    points = grades.points()
    seen = set()
    for right in Right.objects.all():
        if right.status == "lapsed":
            assert (right.grade, right.grade_reasons) == ("", [])
            continue
        wanted = grading.assess(subject_of(right), points, ON)
        reasons = [{"factor": factor.value, "points": count} for factor, count in wanted.reasons]
        assert right.grade_reasons == [*reasons, {"grade": wanted.grade, "score": wanted.score}]
        assert right.grade == wanted.grade
        seen |= {factor for factor, _count in wanted.reasons} | {wanted.grade}
    assert seen == {*Factor, *"ABCD"}


def test_a_second_run_changes_nothing(many):
    assert grades.regrade(ON) > 0
    assert grades.regrade(ON) == 0


def test_all_rights_are_graded_by_one_statement(many, django_assert_num_queries):
    grades.points()
    with django_assert_num_queries(1):
        grades.regrade(ON)


def test_a_manual_grade_stays_and_both_are_seen(organisation, applicant):
    right = make_right(organisation)
    grades.regrade(ON)
    right.refresh_from_db()
    computed = right.grade
    right = grades.set_manual(right, grade="A", reason="主营产品的根基", by=applicant)
    grades.regrade(ON)
    right.refresh_from_db()
    shown = grades.explain(right)
    assert (shown.grade, shown.computed, shown.manual["reason"]) == ("A", computed, "主营产品的根基")
    assert computed != "A"
    right = grades.set_manual(right, grade="", reason="", by=applicant)
    assert (right.grade, right.is_grade_manual, grades.explain(right).manual) == (computed, False, None)
    assert [row.action for row in audit.history_of(right)] == ["right.graded", "right.graded"]


def test_a_manual_grade_needs_a_reason_and_the_right_to_steer(organisation, applicant, colleague, stranger):
    right = make_right(organisation)
    with pytest.raises(RuleBroken):
        grades.set_manual(right, grade="A", reason=" ", by=applicant)
    with pytest.raises(RuleBroken):
        grades.set_manual(right, grade="E", reason="x", by=applicant)
    for person in (colleague, stranger):
        with pytest.raises(Denied):
            grades.set_manual(right, grade="A", reason="x", by=person)
        with pytest.raises(Denied):
            grades.mark_core(right, is_core=True, by=person)


def test_the_core_mark_moves_the_grade_at_once(organisation, applicant):
    right = make_right(organisation)
    grades.regrade()
    right.refresh_from_db()
    before = grades.explain(right).score
    right = grades.mark_core(right, is_core=True, by=applicant)
    assert grades.explain(right).score == before + 30


@pytest.mark.parametrize(
    ("grade", "factors", "wanted"),
    [
        ("A", set(), Advice.KEEP),
        ("B", {"in_use"}, Advice.KEEP),
        ("B", {"invention"}, Advice.LICENCE),
        ("C", {"invention"}, Advice.LICENCE),
        ("D", {"in_use"}, Advice.DROP),
        ("D", {"core"}, Advice.KEEP),
    ],
)
def test_what_a_grade_suggests(grade, factors, wanted):
    assert grading.advice(grade, frozenset(factors)) == wanted


def test_grade_and_core_are_set_on_the_page(organisation, applicant, colleague, officer, client):
    right = make_right(organisation)
    for person, status in ((applicant, 302), (colleague, 403), (officer, 403)):
        client.force_login(person)
        assert (
            client.post(reverse("right-grade", args=[right.number]), {"grade": "B", "reason": "x"}).status_code
            == status
        )
        assert client.post(reverse("right-core", args=[right.number]), {"is_core": "on"}).status_code == status
    client.force_login(applicant)
    text = client.get(reverse("right", args=[right.number])).content.decode()
    assert "人工分级" in text
