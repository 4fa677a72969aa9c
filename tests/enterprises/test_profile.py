"""The enterprise's own facts: who may change them, what the log keeps, and the page."""

from decimal import Decimal

import pytest

from enterprises import actions
from enterprises.models import Profile
from portal import audit
from portal.errors import Denied, RuleBroken
from portal.models import AuditEvent

pytestmark = pytest.mark.django_db
VALUES = {"year": 2025, "staff": 90, "rd_staff": 40, "has_ip_office": True, "revenue_wan": Decimal("7500.00")}


def test_update_keeps_facts_and_logs_what_they_were(organisation, manager):
    profile = actions.update_profile(organisation, values=VALUES, by=manager)
    assert (profile.staff, profile.has_ip_office, profile.updated_by) == (90, True, manager)
    event = AuditEvent.objects.get(action="organisation.profile_updated")
    assert event.data["changed"]["staff"] == [86, 90]
    assert event.organisation_id == organisation.pk


@pytest.mark.parametrize("who", ["colleague", "viewer", "stranger", "officer", "administrator"])
def test_update_by_others_is_denied(request, organisation, who):
    with pytest.raises(Denied):
        actions.update_profile(organisation, values=VALUES, by=request.getfixturevalue(who))


@pytest.mark.parametrize("values", [{"staff": 5, "rd_staff": 6}, {"valid_patents": 1, "valid_inventions": 2}])
def test_part_larger_than_its_whole_is_refused(organisation, applicant, values):
    with pytest.raises(RuleBroken):
        actions.update_profile(organisation, values=values, by=applicant)


def test_update_is_undone_when_the_log_fails(organisation, applicant, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit, "record", refuse)
    with pytest.raises(RuntimeError):
        actions.update_profile(organisation, values=VALUES, by=applicant)
    assert Profile.objects.get(organisation=organisation).staff == 86


def test_page_saves_and_shows(client, organisation, applicant):
    client.force_login(applicant)
    url = f"/organisations/{organisation.number}/profile/"
    data = {"year": "2025", "staff": "90", "has_ip_office": "true", "main_products": "压力<传感>芯片"}
    assert client.post(f"{url}edit/", data).url == url
    page = client.get(url).content.decode()
    assert "压力&lt;传感&gt;芯片" in page
    refused = client.post(f"{url}edit/", {**data, "rd_staff": "200", "year": "1800"})
    assert refused.status_code == 422
    assert refused.context["form"].errors.keys() == {"rd_staff", "year"}
    assert 'value="200"' in refused.content.decode()
