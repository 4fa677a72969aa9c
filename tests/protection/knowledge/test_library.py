"""The law tracker, the case library, countries and the public archive: loaded once, read by all, kept by the city."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from portal.errors import Denied
from portal.models import AuditEvent, Notification, Organisation, User
from portal.rule_files import Verb
from services.protection import knowledge, loading
from services.protection.models import Alert, Country, CountryFact, LawChange, LegalCase, Watch

from ..own.making import make_version

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def loaded() -> None:
    loading.load()


def law_values(**more: object) -> dict[str, object]:
    return {
        "country": Country.objects.get(code="US"),
        "title": "关税法修订",
        "instrument": "示例",
        "change": "示例变化",
        "source": "示例来源",
        **more,
    }


def test_a_second_load_changes_nothing_and_keeps_what_was_edited(loaded: None) -> None:
    counts = [model.objects.count() for model in (Country, CountryFact, LawChange, LegalCase)]
    assert counts[0] > 240
    assert counts[2:] == [14, 5]
    LawChange.objects.filter(number="cn-trademark-2026").update(title="改过的标题")
    assert {change.verb for change in loading.load()} == {Verb.UNCHANGED}
    assert [model.objects.count() for model in (Country, CountryFact, LawChange, LegalCase)] == counts
    assert LawChange.objects.get(number="cn-trademark-2026").title == "改过的标题"


def test_no_fact_is_verified_without_its_day_and_every_case_is_a_sample(loaded: None) -> None:
    assert not CountryFact.objects.filter(status="verified", verified_on=None).exists()
    assert not LawChange.objects.filter(status="verified", verified_on=None).exists()
    assert not LegalCase.objects.filter(is_sample=False).exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "address",
    [
        "/alerts/",
        "/laws/",
        "/laws/cn-trademark-2026/",
        "/laws/?country=CN&kind=trademark&q=商标",
        "/legal-cases/",
        "/legal-cases/SL-ITC-1/",
        "/legal-cases/?forum=itc&outcome=settled",
        "/countries/",
        "/countries/us/",
        "/countries/ZW/",
        "/laws/calendar.ics",
        "/alerts/feed.atom",
    ],
)
def test_everybody_reads_it(address: str, language: str, loaded: None, client: Client) -> None:
    make_version()
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert "style=" not in answer.content.decode()


def test_archive_finds_by_words_country_and_state(loaded: None, client: Client) -> None:
    mine, other = (
        make_version(),
        make_version(title="欧盟海关新规", title_en="EU customs", summary="", body="", countries=["DE"]),
    )
    Alert.objects.filter(pk=other.alert_id).update(
        status="withdrawn", withdrawn_at="2026-11-22T00:00Z", withdrawn_reason="误发"
    )

    def found(query: str) -> set[str]:
        return {alert.number for alert in client.get(f"/alerts/?{query}").context["page"].rows}

    assert found("") == {mine.alert.number, other.alert.number}
    assert found("q=压力传感器") == {mine.alert.number}
    assert found("q=customs") == {other.alert.number}
    assert found("country=DE") == {other.alert.number}
    assert found("status=withdrawn") == {other.alert.number}
    assert "误发" in client.get(f"/alerts/{other.alert.number}/").content.decode()


def test_drafts_are_absent_everywhere_in_public(publisher: User, client: Client) -> None:
    draft = Alert.objects.create(number="FX-2026-800", created_by=publisher)
    assert client.get(f"/alerts/{draft.number}/").status_code == 404
    assert draft.number not in client.get("/alerts/").content.decode()
    assert draft.number not in client.get("/alerts/feed.atom").content.decode()


def test_feed_is_atom_and_says_what_was_withdrawn(client: Client) -> None:
    version = make_version()
    Alert.objects.filter(pk=version.alert_id).update(
        status="withdrawn", withdrawn_at="2026-11-22T00:00Z", withdrawn_reason="误发"
    )
    root = ElementTree.fromstring(client.get("/alerts/feed.atom").content)
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert (entry.findtext(f"{ATOM}title") or "").startswith("已撤回")


def test_only_the_city_keeps_knowledge(
    loaded: None, publisher: User, city_officer: User, officer: User, applicant: User, client: Client
) -> None:
    for person in (officer, applicant):
        with pytest.raises(Denied):
            knowledge.save_law(None, by=person, **law_values())
        client.force_login(person)
        assert client.get("/laws/new/").status_code == 403
    law = knowledge.save_law(None, by=city_officer, **law_values())
    assert law.created_by == city_officer
    assert AuditEvent.objects.filter(action="law.saved").count() == 1
    client.force_login(publisher)
    page = client.post(f"/laws/{law.number}/edit/", {"title": ""})
    assert page.status_code == 422
    sent = {
        "country": "US",
        "title": "改后",
        "instrument": "示例",
        "change": "变",
        "source": "示例",
        "status": "verified",
    }
    assert client.post(f"/laws/{law.number}/edit/", sent).status_code == 422
    sent |= {"verified_on": "2026-11-20"}
    assert client.post(f"/laws/{law.number}/edit/", sent).status_code == 302
    law.refresh_from_db()
    assert law.title == "改后"


def test_followers_hear_of_a_new_law_once(
    loaded: None, organisation: Organisation, applicant: User, stranger: User, publisher: User
) -> None:
    Watch.objects.create(organisation=organisation, what="law", key="US", created_by=applicant)
    law = knowledge.save_law(None, by=publisher, **law_values())
    told = Notification.objects.filter(template="law_changed")
    assert [(row.recipient, row.link) for row in told] == [(applicant, f"/laws/{law.number}/")]
    knowledge.save_law(law, by=publisher, title="再改")
    assert told.count() == 1


def test_case_form_says_what_is_wrong_and_keeps_it(loaded: None, publisher: User, client: Client) -> None:
    client.force_login(publisher)
    sent = {
        "forum": "itc", "country": "US", "title": "案例", "summary": "案情", "outcome": "settled", "source": "公开判决",
        "ipc": "G01L 9/*, 乱写", "began_on": "2025-03-02", "ended_on": "2025-03-01",
    }  # fmt: skip
    page = client.post("/legal-cases/new/", sent)
    text = page.content.decode()
    assert page.status_code == 422
    assert "乱写" in text
    assert "结束日不能早于开始日" in text
    sent |= {"ipc": "G01L9", "ended_on": "2025-04-01"}
    assert client.post("/legal-cases/new/", sent).status_code == 302
    assert LegalCase.objects.get(title="案例").ipc == ["G01L 9/*"]


def test_country_fact_is_entered_once_per_day(loaded: None, publisher: User, client: Client) -> None:
    client.force_login(publisher)
    url = reverse("country-fact-new", args=["US"])
    sent = {"topic": "border", "value": "可以向海关备案", "source": "示例", "status": "sample"}
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 409
    assert CountryFact.objects.filter(country="US", topic="border").count() == 1
