"""The people pages in the browser's place: registering, joining, members, verification, offices."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal import account_mail, organisations
from portal.clock import now
from portal.models import (
    District,
    DistrictChange,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    Posting,
    RegistryRecord,
    User,
    Verification,
)
from tests.factories import people

pytestmark = pytest.mark.django_db
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


def facts(code, **extra):
    return {
        "uscc": code,
        "name": "申澜微感",
        "address": "上海市闵行区示例路1号",
        "registered_on": "2018-04-19",
        "district": "310112",
        **extra,
    }


def signed_in(client, user):
    client.force_login(user)
    return client


def link_in(mailoutbox):
    """Return the address in the newest mail, once the worker has sent what the request wrote down."""
    assert account_mail.deliver() == 1
    return re.search(r"https?://[^/\s]+(/\S+)", mailoutbox[-1].body).group(1)


def test_newcomer_registers_in_three_steps(client, mailoutbox):
    code = people.make_uscc()
    spelt = " ".join(code.lower()[at : at + 6] for at in (0, 6, 12)).translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    )
    assert client.get("/register/").status_code == 200
    assert client.post("/register/", facts(spelt)).url == "/register/contact/"
    page = client.get("/register/contact/")
    assert code in page.content.decode()
    contact = {"name": "林知远", "email": "Lin@Example.cn", "phone": "", "password1": "correct horse battery"}
    answer = client.post("/register/contact/", {**contact, "password2": contact["password1"]})
    assert answer.url == reverse("account_email_verification_sent")
    assert not Organisation.objects.exists()
    confirm = link_in(mailoutbox)
    assert client.get(confirm).status_code == 200
    after = client.post(confirm)
    made = Organisation.objects.get()
    assert after.url == f"/organisations/{made.number}/verification/"
    assert (made.uscc, made.memberships.get().user.name) == (code, "林知远")
    assert client.get(after.url).status_code == 200


def test_wrong_code_keeps_what_was_typed(client):
    answer = client.post("/register/", facts("91310112MA1T00001X", name="申澜<b>微感"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="error-summary"' in page
    assert "申澜&lt;b&gt;微感" in page


def test_missing_district_is_asked_for(client):
    answer = client.post("/register/", facts(people.make_uscc("310000"), district=""))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"district"}


@pytest.fixture
def known():
    code = people.make_uscc("310115")
    RegistryRecord.objects.create(
        uscc=code, name="上海示例登记有限公司", name_key="x", division_code="310115", district_text="徐汇区",
        district=District.objects.get(slug="xuhui"), address="徐汇区示例路9号", source="示例.csv", loaded_at=now(),
        row_hash="0", registered_on=dt.date(2015, 3, 2),
    )  # fmt: skip
    return code


@pytest.mark.parametrize("data", [{"lookup": "1"}, {}])
def test_registry_offers_its_facts(client, known, data):
    page = client.post("/register/", {"uscc": known, "district": "310115", **data})
    form = page.context["form"]
    assert page.status_code == 200
    assert form["name"].value() == "上海示例登记有限公司"
    assert form["district"].value() == "310104"
    assert "2015-03-02" in page.content.decode()


def test_district_that_a_person_chose_is_not_replaced(client, known):
    page = client.post("/register/lookup/", {"uscc": known, "district": "310112"})
    assert page.context["form"]["district"].value() == "310112"


def test_free_trade_zone_stays_undecided(client):
    page = client.post("/register/lookup/", {"uscc": people.make_uscc("310141")})
    assert page.context["form"]["district"].value() == ""
    assert "请自己选择" in page.content.decode()


def test_signed_in_person_registers_a_second_enterprise(client, applicant):
    signed_in(client, applicant)
    answer = client.post("/register/", facts(people.make_uscc(), client_key="k1"))
    again = client.post("/register/", facts(Organisation.objects.latest("pk").uscc, client_key="k2"))
    assert "/verification/" in answer.url
    assert again.url == "/join/"
    assert Membership.objects.filter(user=applicant, role="owner").count() == 2


def test_taken_code_says_nothing_of_the_enterprise(client, organisation, applicant):
    """The same answer whether it has an owner, is verified, or what it is called."""
    answer = client.post("/register/", facts(organisation.uscc))
    assert answer.url == "/join/"
    page = client.get("/join/").content.decode()
    Membership.objects.all().delete()
    Organisation.objects.update(verified_at=None, verified_by=None, name="另一个名字")
    other = client.get("/join/").content.decode()
    for secret in (organisation.name, organisation.number, organisation.address, applicant.name, applicant.email):
        assert secret not in page
    strip = re.compile(r'value="[0-9a-zA-Z]{30,}"|X-CSRFToken[^}]+')
    assert strip.sub("", page) == strip.sub("", other)


def test_newcomer_asks_to_join_after_confirming(client, organisation, applicant, mailoutbox):
    data = {"uscc": organisation.uscc, "message": "我是新同事"}
    assert client.post("/join/", data).url == "/register/contact/"
    page = client.get("/register/contact/").content.decode()
    assert organisation.name not in page
    contact = {"name": "新人", "email": "new@example.cn", "password1": "correct horse battery"}
    client.post("/register/contact/", {**contact, "password2": contact["password1"]})
    assert not JoinRequest.objects.exists()
    after = client.post(link_in(mailoutbox))
    asked = JoinRequest.objects.get()
    assert (after.url, asked.message) == ("/join/", "我是新同事")
    listed = client.get("/join/").content.decode()
    assert organisation.name not in listed
    assert organisation.number not in listed
    assert client.post(f"/join/{asked.number}/withdraw/").url == "/join/"
    asked.refresh_from_db()
    assert asked.status == "withdrawn"


def test_known_address_is_not_told_apart(client, applicant, mailoutbox):
    client.post("/register/", facts(people.make_uscc()))
    contact = {"name": "某人", "email": applicant.email, "password1": "correct horse battery"}
    answer = client.post("/register/contact/", {**contact, "password2": contact["password1"]})
    assert answer.url == reverse("account_email_verification_sent")
    assert User.objects.filter(email=applicant.email).count() == 1


def test_registering_is_limited(client):
    codes = [client.post("/register/lookup/", {"uscc": "1"}) for _ in range(61)]
    assert [codes[59].status_code, codes[60].status_code] == [200, 429]
    assert int(codes[60].headers["Retry-After"]) > 0


def test_owner_answers_on_the_members_page(client, organisation, applicant):
    person = people.make_user("申请人甲")
    asked = organisations.request_join(code=organisation.uscc, message="想加入", by=person)
    page = signed_in(client, applicant).get(f"/organisations/{organisation.number}/members/").content.decode()
    assert "申请人甲" in page
    client.post(f"/join/{asked.number}/accept/", {"role": "viewer"})
    assert Membership.objects.get(user=person).role == "viewer"


@pytest.mark.parametrize(("who", "status"), [("applicant", 200), ("manager", 200), ("viewer", 200), ("stranger", 404)])
def test_members_page_is_for_members(client, request, organisation, who, status):
    user = request.getfixturevalue(who)
    page = signed_in(client, user).get(f"/organisations/{organisation.number}/members/")
    assert page.status_code == status
    if who != "applicant":
        assert "member-invite" not in page.content.decode()
        assert client.get(f"/organisations/{organisation.number}/members/invite/").status_code in (403, 404)


def test_members_page_costs_the_same_with_many(client, organisation, applicant, django_assert_max_num_queries):
    signed_in(client, applicant)
    url = f"/organisations/{organisation.number}/members/"
    for _ in range(12):
        people.join(people.make_user(), organisation, "member")
    client.get(url)
    with django_assert_max_num_queries(20):
        client.get(url)


def test_invited_colleague_makes_an_account_and_lands_inside(client, organisation, applicant):
    signed_in(client, applicant)
    data = {"email": "col@example.cn", "name": "新同事", "role": "manager", "client_key": "once"}
    url = f"/organisations/{organisation.number}/members/invite/"
    assert client.post(url, data).status_code == client.post(url, data).status_code == 302
    made = Invitation.objects.get()
    client.logout()
    link = f"/invitations/{organisations.joining.invitations.token_of(made)}/"
    assert organisation.name in client.get(link).content.decode()
    assert client.post(link, {"name": "新同事", "password": "short"}).status_code == 422
    assert client.post(link, {"name": "新同事", "password": "correct horse battery"}).url == "/home/"
    assert User.objects.get(email="col@example.cn").standing.roles == {organisation.pk: "manager"}
    assert client.get("/invitations/nonsense/").status_code == 404


def test_leaving_keeps_the_person_signed_in_here_only(client, organisation, applicant, colleague):
    place = Membership.objects.get(user=colleague)
    other = type(client)()
    signed_in(other, colleague)
    signed_in(client, colleague)
    url = f"/organisations/{organisation.number}/members/{place.number}/end/"
    assert client.get(url).status_code == 200
    assert client.post(url).url == "/home/"
    assert client.get("/inbox/").status_code == 200
    assert "/accounts/login/" in other.get("/inbox/").url


def test_removed_member_is_out_at_once(client, organisation, applicant, colleague):
    other = signed_in(type(client)(), colleague)
    place = Membership.objects.get(user=colleague)
    signed_in(client, applicant).post(f"/organisations/{organisation.number}/members/{place.number}/end/")
    assert "/accounts/login/" in other.get("/inbox/").url


def test_hand_over_and_role_by_pages(client, organisation, applicant, colleague, viewer):
    signed_in(client, applicant)
    base = f"/organisations/{organisation.number}/members"
    client.post(f"{base}/{Membership.objects.get(user=viewer).number}/role/", {"role": "member"})
    assert Membership.objects.get(user=viewer).role == "member"
    url = f"{base}/{Membership.objects.get(user=colleague).number}/hand-over/"
    assert client.get(url).status_code == 200
    client.post(url)
    assert Membership.objects.get(user=colleague).role == "owner"
    assert client.get(url).status_code == 403


def test_licence_upload_reaches_the_district(client, officer, other_officer):
    organisation = people.make_organisation("上海新芽机器人有限公司", verified=False)
    owner = people.join(people.make_user(), organisation)
    url = f"/organisations/{organisation.number}/verification/"
    signed_in(client, owner)
    assert client.post(url, {}).status_code == 409
    client.post(url, {"licence": SimpleUploadedFile("执照.pdf", PDF, "application/pdf")})
    asked = Verification.objects.get()
    assert asked.licence.organisation == organisation
    page = signed_in(client, officer).get("/verifications/").content.decode()
    assert organisation.name in page
    detail = client.get(f"/verifications/{asked.number}/")
    assert "无数据" in detail.content.decode()
    asked.licence.status = "clean"
    asked.licence.save()
    signed_in(client, other_officer)
    assert organisation.name not in client.get("/verifications/").content.decode()
    assert client.get(f"/verifications/{asked.number}/").status_code == 404
    assert client.post(f"/verifications/{asked.number}/verify/").status_code == 404
    signed_in(client, officer)
    assert client.post(f"/verifications/{asked.number}/verify/").url == "/verifications/"
    organisation.refresh_from_db()
    assert organisation.is_verified


def test_official_without_second_factor_is_led_to_it(client, officer):
    organisation = people.make_organisation(verified=False)
    asked = Verification.objects.create(
        organisation=organisation, evidence="licence", created_by=people.make_user(), due_on=dt.date(2026, 12, 1)
    )
    officer.authenticator_set.all().delete()
    answer = signed_in(client, officer).post(f"/verifications/{asked.number}/verify/")
    assert answer.status_code == 403
    assert reverse("mfa_index") in answer.content.decode()


def test_refusal_needs_words(client, officer):
    organisation = people.make_organisation(verified=False)
    asked = Verification.objects.create(
        organisation=organisation, evidence="licence", created_by=people.make_user(), due_on=dt.date(2026, 12, 1)
    )
    signed_in(client, officer)
    assert client.post(f"/verifications/{asked.number}/refuse/", {"reason": ""}).status_code == 409
    client.post(f"/verifications/{asked.number}/refuse/", {"reason": "执照模糊"})
    asked.refresh_from_db()
    assert (asked.status, asked.reason) == ("refused", "执照模糊")


@pytest.mark.parametrize("url", ["/verifications/", "/join/district/", "/organisations/", "/offices/", "/people/"])
@pytest.mark.parametrize("who", ["applicant", "expert"])
def test_official_pages_are_refused_to_others(client, request, who, url):
    assert signed_in(client, request.getfixturevalue(who)).get(url).status_code == 403
    client.logout()
    assert "/accounts/login/" in client.get(url).url


def test_district_sees_its_enterprises_only(client, organisation, other_organisation, applicant, officer):
    page = signed_in(client, officer).get("/organisations/", {"q": "有限公司"}).content.decode()
    assert organisation.name in page
    assert other_organisation.name not in page
    assert client.get(f"/organisations/{organisation.number}/").status_code == 200
    assert client.get(f"/organisations/{other_organisation.number}/").status_code == 404


def test_move_by_page_with_history_for_the_old_district(client, organisation, applicant, officer):
    signed_in(client, applicant)
    url = f"/organisations/{organisation.number}/district/"
    data = {"district": "310104", "address": "徐汇区新路1号", "reason": "搬迁"}
    assert client.post(url, {**data, "district": "310112"}).status_code == 409
    assert client.post(url, data).status_code == 302
    assert DistrictChange.objects.count() == 1
    left = signed_in(client, officer).get("/organisations/?view=left").content.decode()
    assert organisation.name in left
    assert client.get(f"/organisations/{organisation.number}/").status_code == 404


def test_history_shows_the_enterprise_only_its_own(client, organisation, other_organisation, applicant, stranger):
    organisations.invite_member(organisation, email="a@example.cn", role="member", by=applicant)
    organisations.invite_member(other_organisation, email="b@example.cn", role="member", by=stranger)
    page = signed_in(client, applicant).get(f"/organisations/{organisation.number}/history/").content.decode()
    assert "a@example.cn" in page
    assert "b@example.cn" not in page


def test_administrator_works_in_the_portal(client, administrator, officer):
    signed_in(client, administrator)
    for url in ("/offices/", "/offices/minhang/", "/offices/minhang/edit/", "/people/", "/people/?view=experts"):
        assert client.get(url).status_code == 200
    person = people.make_user("新来的")
    assert client.get(f"/people/{person.number}/").status_code == 200
    office = Posting.objects.get(user=officer).office
    client.post(f"/people/{person.number}/post/", {"post-office": office.pk, "post-role": "officer"})
    posting = Posting.objects.get(user=person)
    client.post(f"/people/{person.number}/postings/{posting.number}/end/")
    client.post(f"/people/{person.number}/expert/", {"employer": "某大学", "fields_": "传感"})
    client.post(f"/people/{person.number}/availability/")
    client.post(f"/people/{person.number}/deactivate/", {"reason": "离职"})
    person.refresh_from_db()
    assert (person.is_active, person.expert.is_available, person.expert.fields) == (False, False, "传感")
    assert Posting.objects.get(pk=posting.pk).ended_at is not None
    client.post(f"/people/{person.number}/reactivate/")
    assert User.objects.get(pk=person.pk).is_active
    client.post("/offices/minhang/invite/", {"email": "o@example.cn", "role": "officer"})
    client.post("/people/experts/invite/", {"email": "e@example.cn"})
    assert Invitation.objects.count() == 2
    client.post(f"/invitations/{Invitation.objects.first().number}/revoke/")
    assert Invitation.objects.open().count() == 1
    client.post("/offices/minhang/edit/", {"name_zh": "闵行", "name_en": "Minhang", "phone": "021-1", "address": ""})
    office.refresh_from_db()
    assert office.phone == "021-1"


def test_supervisor_answers_for_a_gone_owner(client, organisation, applicant, supervisor):
    person = people.make_user("接任者")
    asked = organisations.request_join(code=organisation.uscc, asks_district=True, by=person)
    signed_in(client, supervisor)
    assert "接任者" in client.get("/join/district/").content.decode()
    assert client.post(f"/join/{asked.number}/accept/", {"role": "owner"}).url == "/join/district/"
    assert person.standing.roles == {organisation.pk: "owner"}


@pytest.mark.parametrize("who", ["applicant", "colleague", "viewer", "stranger", "officer"])
def test_profile_pages(client, request, organisation, who):
    signed_in(client, request.getfixturevalue(who))
    seen = {"applicant": 200, "colleague": 200, "viewer": 200, "stranger": 404, "officer": 403}[who]
    may = {"applicant": 200, "colleague": 403, "viewer": 403, "stranger": 404, "officer": 403}[who]
    assert client.get(f"/organisations/{organisation.number}/profile/").status_code == seen
    assert client.get(f"/organisations/{organisation.number}/profile/edit/").status_code == may
