"""Account pages: settings, hats, inbox, tokens."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import notifications, tokens
from portal.models import ApiToken, Notification, User
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(client, applicant):
    client.force_login(applicant)
    return client


def tell(user, key="k", link="/account/", template="verified"):
    values = {"organisation": "甲公司", "office": {"zh": "闵行区", "en": "Minhang"}}
    notifications.notify(template, [user], key=key, values=values, link=link)
    return Notification.objects.get(recipient=user, key=key)


@pytest.mark.parametrize("url", ["/account/", "/account/hats/", "/account/tokens/", "/inbox/", "/invitations/"])
def test_account_pages_need_sign_in(client, inside, url):
    assert inside.get(url).status_code == 200
    client.logout()
    assert "/accounts/login/" in client.get(url).url


def test_settings_are_kept_and_spoken_at_once(inside, applicant):
    data = {
        "name": "林知远", "phone": "021", "language": "en", "theme": "dark", "text_size": "large",
        "mail_choice": "digest",
    }  # fmt: skip
    assert inside.post("/account/", data).url == "/account/"
    applicant.refresh_from_db()
    assert (applicant.language, applicant.theme, applicant.text_size) == ("en", "dark", "large")
    page = inside.get("/account/").content.decode()
    assert 'lang="en"' in page
    assert 'data-bs-theme="dark"' in page
    assert inside.post("/account/", {**data, "theme": "pink"}).status_code == 422


def test_hat_is_switched_to_ones_own_only(inside, applicant, other_organisation, organisation):
    people.join(applicant, other_organisation, "viewer")
    key = f"organisation-{other_organisation.number}"
    assert inside.post("/account/hat/", {"hat": key}).url == "/home/"
    assert User.objects.get(pk=applicant.pk).current_organisation == other_organisation
    assert str(inside.get("/account/hats/").context["hat"]) == other_organisation.name
    assert inside.post("/account/hat/", {"hat": "office-city"}).status_code == 404
    stranger = people.make_organisation("丙公司")
    assert inside.post("/account/hat/", {"hat": f"organisation-{stranger.number}"}).status_code == 404


def test_inbox_is_ones_own(inside, applicant, stranger):
    mine, other = tell(applicant), tell(stranger)
    page = inside.get("/inbox/").content.decode()
    assert mine.number in page
    assert other.number not in page
    assert inside.get(f"/inbox/{other.number}/").status_code == 404
    assert inside.post(f"/inbox/{other.number}/read/").status_code == 404
    assert inside.get(f"/inbox/{mine.number}/").url == "/account/"
    mine.refresh_from_db()
    assert mine.read_at is not None


def test_inbox_reads_one_or_all(inside, applicant):
    rows = [tell(applicant, f"k{at}") for at in range(3)]
    inside.post(f"/inbox/{rows[0].number}/read/")
    assert Notification.objects.unread().count() == 2
    inside.post("/inbox/read-all/")
    assert Notification.objects.unread().count() == 0
    assert "没有未读" in inside.get("/inbox/?view=unread").content.decode()


def test_inbox_costs_the_same_with_many(inside, applicant, django_assert_num_queries):
    tell(applicant, "first")
    inside.get("/inbox/")
    with CaptureQueriesContext(connection) as few:
        inside.get("/inbox/")
    for at in range(29):
        tell(applicant, f"k{at}")
    with django_assert_num_queries(len(few)):
        inside.get("/inbox/")


def test_token_is_shown_once_and_works_until_revoked(inside, applicant):
    answer = inside.post("/account/tokens/", {"label": "月报", "scopes": ["read"], "days": "30"})
    secret = answer.context["secret"]
    assert answer.status_code == 201
    assert secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert tokens.authenticate(secret).user == applicant
    assert secret not in inside.get("/account/tokens/").content.decode()
    row = ApiToken.objects.get()
    assert secret not in row.token_hash
    inside.post(f"/account/tokens/{row.number}/revoke/")
    assert tokens.authenticate(secret) is None


def test_token_of_somebody_else_does_not_exist(inside, stranger):
    row, _secret = tokens.create(stranger, label="x", scopes=["read"])
    assert inside.post(f"/account/tokens/{row.number}/revoke/").status_code == 404


def test_token_form_needs_words(inside):
    assert inside.post("/account/tokens/", {"label": "", "scopes": [], "days": "9999"}).status_code == 422


def test_password_change_ends_other_sessions(client, inside, applicant):
    applicant.set_password("another horse battery")
    applicant.save()
    assert "/accounts/login/" in inside.get("/inbox/").url


def test_too_many_sign_ins_are_told_when_to_come_back(client):
    answers = [client.post("/accounts/login/", {"login": "x@example.cn", "password": "y"}) for _ in range(31)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_emergency_back_office_asks_for_the_portals_sign_in(client, administrator):
    assert "/accounts/login/" in client.get("/admin/").url or "/admin/login/" in client.get("/admin/").url
    client.force_login(administrator)
    assert client.get("/admin/", follow=True).status_code == 403


def test_emergency_back_office_cannot_change_the_log(client):
    boss = User.objects.create_superuser("boss@example.cn", "correct horse battery", name="应急")
    people.with_second_factor(boss)
    client.force_login(boss)
    assert client.get("/admin/portal/auditevent/").status_code == 200
    assert client.get("/admin/portal/auditevent/add/").status_code == 403


def test_nobody_sees_people(administrator, applicant):
    assert list(User.objects.visible_to(AnonymousUser())) == []
    assert list(User.objects.visible_to(applicant)) == [applicant]
    assert User.objects.visible_to(administrator).count() == User.objects.count()
