"""Pages of the register: who sees what, filters, selection, forms, and the same number of statements for any size."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from patents import families, rights
from patents.models import Right, RightKind
from portal.models import Deadline, Membership, ReportRun, SavedView
from tests.factories.documents import pdf
from tests.factories.rights import make_number, make_right

pytestmark = pytest.mark.django_db
CANARY = "金丝雀保密配方"


@pytest.fixture
def right(organisation, applicant):
    return make_right(organisation, title="谐振式压力传感器", responsible=applicant)


def page(client, user, name, *args, query=""):
    client.force_login(user)
    return client.get(f"{reverse(name, args=args)}{query}")


def test_list_shows_own_rights_only(client, organisation, other_organisation, applicant, right):
    make_right(other_organisation, title="别家的专利")
    text = page(client, applicant, "rights").content.decode()
    assert "谐振式压力传感器" in text and "别家的专利" not in text


def test_empty_list_says_how_to_begin(client, applicant):
    response = page(client, applicant, "rights")
    assert response.status_code == 200 and reverse("right-create") in response.content.decode()


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("q=压力", True), ("q=温度", False), ("kind=invention", True), ("kind=design", False),
        ("status=in_force", True),
        ("status=lapsed", False), ("year=2022", True), ("year=2020", False), ("grade=none", True), ("grade=A", False),
        ("value=high", False), ("ipc=G01L", True), ("ipc=A61K", False), ("flag=pledged", False), ("due=30", True),
        ("due=overdue", False), ("responsible=none", False), ("secrecy=open", True), ("q=%00", True),
    ],
)  # fmt: skip
def test_filters_find_what_they_say(client, organisation, applicant, right, query, is_found, frozen):
    frozen("2026-03-01 10:00")
    Right.objects.filter(pk=right.pk).update(main_ipc="G01L 9/00")
    Deadline.objects.create(
        organisation=organisation, subject_type="right", subject_number=right.number, rule_code="right.annuity",
        owner="applicant", trigger_event="filed", trigger_on=dt.date(2026, 1, 1), target_on=dt.date(2026, 3, 10),
        legal_on=dt.date(2026, 3, 10),
    )  # fmt: skip
    response = page(client, applicant, "rights", query=f"?{query}")
    assert (right.number in response.content.decode()) is is_found


@pytest.mark.parametrize("query", ["?year=abc", "?after=x", "?sort=nonsense", "?responsible=9999", "?columns=nothing"])
def test_nonsense_in_the_address_is_no_error(client, applicant, right, query):
    assert page(client, applicant, "rights", query=query).status_code == 200


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_lists_need_as_many_statements_for_300_rows_as_for_3(client, organisation, applicant, officer):
    for n in range(3):
        make_right(organisation, title=f"专利{n}", responsible=applicant)
    counts = {}
    for size in (3, 300):
        if size == 300:
            for n in range(297):
                make_right(organisation, title=f"更多{n}", responsible=applicant)
        for who in (applicant, officer):
            client.force_login(who)
            for name in ("rights", "rights-overview"):  # officials' figures are kept for an hour
                client.get(reverse(name))
            counts[size, who.pk] = [queries_of(client, reverse(name)) for name in ("rights", "rights-overview")]
    for who in (applicant, officer):
        assert counts[3, who.pk] == counts[300, who.pk]
        assert counts[300, who.pk][0] <= 14
    assert counts


def test_hidden_rights_are_absent_for_officials_and_unnamed_colleagues(
    client, organisation, applicant, colleague, officer, city_officer
):
    secret = make_right(organisation, RightKind.TRADE_SECRET, title=CANARY, readers=[applicant.pk])
    draft = make_right(organisation, title=f"{CANARY}草稿", status="draft", secrecy="internal", application_number="")
    for person, hidden in ((officer, [secret, draft]), (city_officer, [secret, draft]), (colleague, [secret])):
        client.force_login(person)
        for name in ("rights", "rights-overview", "family-list", "product-list"):
            text = client.get(reverse(name), follow=True).content.decode()
            assert secret.number not in text and (person is colleague or CANARY not in text)
        for one in hidden:
            for name in ("right", "right-edit", "right-dates", "right-money"):
                assert client.get(reverse(name, args=[one.number])).status_code == 404
            found = client.get(f"{reverse('search')}?q={CANARY}").content.decode()
            assert reverse("right", args=[one.number]) not in found
    assert CANARY in page(client, applicant, "rights").content.decode()


def test_officials_see_open_rights_of_their_area_without_people(client, officer, other_officer, right):
    text = page(client, officer, "rights").content.decode()
    assert right.title in text and "批量" not in text
    detail = page(client, officer, "right", right.number).content.decode()
    assert right.title in detail and "应缴" not in detail and reverse("right-edit", args=[right.number]) not in detail
    assert page(client, other_officer, "right", right.number).status_code == 404


@pytest.mark.parametrize("kind", RightKind.values)
def test_every_kind_has_a_form_and_a_page(client, applicant, kind):
    response = page(client, applicant, "right-create", query=f"?kind={kind}")
    assert response.status_code == 200
    data = {"title": "某项权利", "owners": "申澜微感", "country": "US", "route": "national", "reduction": "0",
            "status": "pending", "secrecy": "open"}  # fmt: skip
    made = client.post(f"{reverse('right-create')}?kind={kind}", data)
    assert made.status_code == 302, made.context["form"].errors
    right = Right.objects.get()
    assert made.url == reverse("right", args=[right.number])
    assert client.get(made.url).status_code == 200
    assert client.get(reverse("right-edit", args=[right.number])).status_code == 200


def test_pasted_number_is_written_out_and_odd_year_is_a_warning(client, applicant):
    client.force_login(applicant)
    number = make_number(2022)
    pasted = f"ＺＬ {number.replace('.', ' ．')}"
    data = {"title": "x", "application_number": pasted, "filed_on": "2021-05-01", "route": "national", "reduction": "0",
            "status": "granted", "secrecy": "open"}  # fmt: skip
    response = client.post(f"{reverse('right-create')}?kind=invention", data, follow=True)
    assert Right.objects.get().application_number == number
    assert "分案" in response.content.decode()


@pytest.mark.parametrize(
    ("number", "words"), [("202410055975.7", "校验位"), ("2024", "位"), ("202430055975.0", "外观")]
)
def test_wrong_number_is_said_beside_its_field(client, applicant, number, words):
    client.force_login(applicant)
    data = {"title": "x", "application_number": number, "route": "national", "reduction": "0", "status": "granted",
            "secrecy": "open"}  # fmt: skip
    response = client.post(f"{reverse('right-create')}?kind=invention", data)
    assert response.status_code == 422 and not Right.objects.exists()
    assert response.context["form"].errors["application_number"]


def test_double_is_named_with_a_link(client, applicant, right):
    client.force_login(applicant)
    data = {"title": "x", "application_number": right.application_number, "route": "national", "reduction": "0",
            "status": "granted", "secrecy": "open"}  # fmt: skip
    response = client.post(f"{reverse('right-create')}?kind=invention", data)
    assert response.status_code == 409
    assert reverse("right", args=[right.number]) in response.content.decode()


def test_edit_keeps_the_first_of_two_at_once(client, applicant, right):
    client.force_login(applicant)
    address = reverse("right-edit", args=[right.number])
    data = {"title": "新名称", "application_number": right.application_number, "filed_on": "2022-03-10",
            "route": "national", "reduction": "0", "version": "0"}  # fmt: skip
    assert client.post(address, data).status_code == 302
    assert client.post(address, {**data, "title": "另一"}).status_code == 409
    assert Right.objects.get().title == "新名称"


def test_verbs_of_a_right_act_once(client, organisation, applicant, colleague, right):
    client.force_login(applicant)
    family = families.create_family(organisation, title="族", by=applicant)
    product = families.save_product(organisation, name="MS-200", by=applicant)
    posts = {
        "right-status": {"status": "lapsed", "on": "2026-03-01", "source": "登记簿"},
        "right-flags": {"flags": ["pledged"]},
        "right-assign": {"responsible": colleague.pk, "backup": applicant.pk},
        "right-link": {"family": family.number, "products": [product.number]},
        "right-attach": {"file": SimpleUploadedFile("a.pdf", pdf())},
        "right-secrecy": {"secrecy": "named", "readers": [applicant.pk]},
    }
    for name, data in posts.items():
        assert client.post(reverse(name, args=[right.number]), data).status_code == 302, name
    right.refresh_from_db()
    assert (right.status, right.flags, right.responsible, right.family) == ("lapsed", ["pledged"], colleague, family)
    assert (right.secrecy, right.readers, list(right.products.all())) == ("named", [applicant.pk], [product])
    assert client.get(reverse("right", args=[right.number])).status_code == 200
    assert client.get(reverse("family-list")).status_code == client.get(reverse("product-list")).status_code == 200


def test_use_of_a_trademark_starts_its_clock(client, organisation, applicant, frozen):
    frozen("2026-03-01 10:00")
    mark = make_right(organisation, RightKind.TRADEMARK, classes=["9"], granted_on=dt.date(2020, 1, 1))
    client.force_login(applicant)
    data = {"nice_class": 9, "used_on": "2026-02-01", "description": "官网"}
    assert client.post(reverse("right-use", args=[mark.number]), data).status_code == 302
    use = client.get(reverse("right", args=[mark.number])).context["use"]
    assert (use[0]["since"], use[0]["over_on"]) == (dt.date(2026, 2, 1), dt.date(2029, 2, 1))


def test_mistaken_right_is_deleted_by_leaders(client, applicant, colleague, right):
    address = reverse("right-delete", args=[right.number])
    client.force_login(colleague)
    assert client.post(address, {"reason": "录错"}).status_code == 403
    client.force_login(applicant)
    assert client.post(address, {"reason": "录错"}).status_code == 302 and not Right.objects.exists()


def test_bulk_says_how_many_before_it_acts(client, organisation, applicant, colleague, right):
    make_right(organisation, "design")
    client.force_login(applicant)
    picked = f"{reverse('rights-bulk')}?field=responsible&scope=picked&pick={right.number}"
    everything = f"{reverse('rights-bulk')}?field=grade&scope=all&query=kind%3Ddesign"
    assert client.get(picked).context["count"] == client.get(everything).context["count"] == 1
    assert client.post(picked, {"value": colleague.pk}).status_code == 302
    assert client.post(everything, {"value": "B"}).status_code == 302
    right.refresh_from_db()
    assert (right.responsible, right.grade) == (colleague, "")
    assert Right.objects.get(kind="design").grade == "B"
    client.force_login(colleague)
    assert client.get(picked).status_code == 403


def test_export_is_asked_for_with_the_filters(client, applicant, officer, right):
    for person in (applicant, officer):
        client.force_login(person)
        response = client.post(reverse("rights-export"), {"format": "csv", "query": "kind=invention&sort=filed_on"})
        assert response.status_code == 302
    runs = ReportRun.objects.order_by("pk")
    assert [run.parameters["kind"] for run in runs] == ["invention", "invention"]


def test_saved_views_are_ones_own(client, applicant, colleague):
    client.force_login(applicant)
    data = {"page": "rights", "name": "将到期", "query": "due=30&after=abc"}
    opened = client.post(reverse("saved-view-create"), data)
    view = SavedView.objects.get()
    assert view.query == "due=30" and opened.url.endswith(f"?due=30&saved={view.number}")
    assert "将到期" in client.get(opened.url).content.decode()
    client.force_login(colleague)
    for name in ("saved-view-rename", "saved-view-delete"):
        assert client.post(reverse(name, args=[view.number]), {"name": "x"}).status_code == 404
    client.force_login(applicant)
    assert client.post(reverse("saved-view-rename", args=[view.number]), {"name": "快到期"}).status_code == 302
    assert SavedView.objects.get().name == "快到期"
    assert client.post(reverse("saved-view-delete", args=[view.number])).status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("page_name", ["no-such-page", "right", "x y"])
def test_saved_view_of_no_list_is_refused(client, applicant, page_name):
    client.force_login(applicant)
    assert client.post(reverse("saved-view-create"), {"page": page_name, "name": "x"}).status_code == 409


def test_named_reader_who_left_sees_nothing(client, organisation, applicant, colleague):
    right = rights.create(organisation, kind="trade_secret", values={"title": CANARY}, by=applicant)
    rights.set_secrecy(right, secrecy="named", readers=[colleague.pk], by=applicant)
    assert page(client, colleague, "right", right.number).status_code == 200
    Membership.objects.filter(user=colleague).update(ended_at="2026-01-01T00:00Z")
    assert page(client, colleague, "right", right.number).status_code == 404


def test_home_shows_dates_that_press_and_the_portfolio(client, organisation, applicant, colleague, frozen):
    frozen("2026-03-01 10:00")
    right = make_right(organisation, filed_on=dt.date(2022, 3, 10), granted_on=dt.date(2023, 5, 20), paid_year=4)
    hidden = make_right(organisation, title=CANARY, secrecy="named", readers=[applicant.pk])
    rights.changed([right.pk, hidden.pk])
    text = page(client, applicant, "dashboard").content.decode()
    date = Deadline.objects.get(subject_number=right.number, year=5)
    assert reverse("date", args=[date.number]) in text and "家底一览" in text and CANARY in text
    assert "今年知识产权费用" in text
    assert CANARY not in page(client, colleague, "dashboard").content.decode()
