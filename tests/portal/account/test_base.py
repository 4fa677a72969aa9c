"""The pieces every page stands on: refusals as pages, hats, one act per client key."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from portal import hats
from portal.errors import Denied, RuleBroken
from portal.middleware import Sentences
from portal.models import AuditEvent, Membership
from tests.factories import people

pytestmark = pytest.mark.django_db


def request_of(user, method="get", path="/somewhere/"):
    request = getattr(RequestFactory(), method)(path)
    request.user = user
    request.session = {}
    request.resolver_match = None
    return request


def test_refusal_of_a_post_is_a_page_and_stays_in_the_log():
    user = people.make_user()
    response = Sentences(lambda _request: None).process_exception(
        request_of(user, "post"), Denied("不行。", code="denied")
    )
    assert response.status_code == 403
    assert "不行。" in response.content.decode()
    event = AuditEvent.objects.get(subject_type="user", action="refused")
    assert event.data == {"path": "/somewhere/", "method": "POST", "code": "denied"}


def test_broken_rule_is_a_conflict_with_its_sentence():
    response = Sentences(lambda _request: None).process_exception(
        request_of(people.make_user()), RuleBroken("现在不行。")
    )
    assert response.status_code == 409
    assert "现在不行。" in response.content.decode()


def test_hat_of_a_stranger_is_none():
    assert not hats.hat_of(request_of(AnonymousUser()))
    assert hats.hat_of(request_of(people.make_user())).kind == "none"


def test_hat_follows_the_choice_and_falls_back_when_it_is_lost():
    user = people.make_user()
    one, two = people.make_organisation("甲公司"), people.make_organisation("乙公司")
    for organisation in (one, two):
        Membership.objects.create(organisation=organisation, user=user)
    request = request_of(user)
    assert hats.wear(request, f"organisation-{two.number}").organisation == two
    assert hats.hat_of(request).organisation == two
    assert hats.wear(request, "office-city") is None
    Membership.objects.filter(organisation=two).delete()
    fresh = request_of(type(user).objects.get(pk=user.pk))
    fresh.session = request.session
    assert hats.hat_of(fresh).organisation == one
