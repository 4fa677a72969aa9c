"""What an agency with a mandate may open: the papers of the rights it keeps, never those for named persons."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from patents import bulk, papers, rights
from patents.models import Right, RightKind
from portal import files
from portal.errors import Denied
from portal.models import AuditEvent, Organisation, StoredFile, User
from tests.factories import people
from tests.factories.documents import pdf
from tests.factories.rights import make_right

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(db: None) -> Organisation:
    return people.make_organisation("上海某某知识产权代理有限公司", kind="agency")


@pytest.fixture
def agent(agency: Organisation) -> User:
    return people.join(people.make_user("代理人"), agency, "member")


@pytest.fixture
def right(organisation: Organisation, applicant: User, agency: Organisation) -> Right:
    return make_right(organisation, secrecy="internal", agency=agency, responsible=applicant)


def paper(right: Right, by: User) -> StoredFile:
    file = papers.attach(right, SimpleUploadedFile("说明书.pdf", pdf(), "application/pdf"), by=by)
    StoredFile.objects.filter(pk=file.pk).update(status="clean")
    return StoredFile.objects.get(pk=file.pk)


def test_agency_opens_papers_of_its_mandate(client: Client, right: Right, applicant: User, agent: User) -> None:
    file = paper(right, applicant)
    client.force_login(agent)
    assert f"/files/{file.number}/" in client.get(f"/rights/{right.number}/").content.decode()
    assert b"".join(client.get(f"/files/{file.number}/").streaming_content).startswith(b"%PDF")
    assert AuditEvent.objects.filter(action="file.read", actor_id=agent.pk).exists()


def test_another_agency_and_papers_of_other_rights_stay_shut(
    client: Client, right: Right, organisation: Organisation, applicant: User, agent: User
) -> None:
    other = people.join(people.make_user(), people.make_organisation("另一家代理所", kind="agency"), "owner")
    file, foreign = paper(right, applicant), paper(make_right(organisation), applicant)
    client.force_login(other)
    assert client.get(f"/files/{file.number}/").status_code == 404
    client.force_login(agent)
    assert client.get(f"/files/{foreign.number}/").status_code == 404
    for person, shut in ((other, file), (agent, foreign)):
        with pytest.raises(Denied):
            files.check_open(person, shut)


def test_papers_for_named_persons_are_never_an_agencys(
    client: Client, organisation: Organisation, agency: Organisation, applicant: User, agent: User
) -> None:
    values = {"title": "金丝雀保密配方", "measures": "双人双锁"}
    secret = rights.create(organisation, kind=RightKind.TRADE_SECRET, values=values, by=applicant)
    Right.objects.filter(pk=secret.pk).update(agency=agency)
    file = paper(Right.objects.get(pk=secret.pk), applicant)
    client.force_login(agent)
    assert client.get(f"/rights/{secret.number}/").status_code == 404
    assert client.get(f"/files/{file.number}/").status_code == 404
    with pytest.raises(Denied):
        files.check_open(agent, file)
    assert "金丝雀" not in client.get("/rights/").content.decode()


def test_papers_follow_the_mandate(right: Right, applicant: User, agent: User, agency: Organisation) -> None:
    file = paper(right, applicant)
    bulk.assign(right, responsible=applicant, backup=None, agency=None, by=applicant)
    assert not StoredFile.objects.visible_to(agent).filter(pk=file.pk).exists()
    bulk.assign(right, responsible=applicant, backup=None, agency=agency, by=applicant)
    assert StoredFile.objects.visible_to(agent).filter(pk=file.pk).exists()
    rights.set_secrecy(right, secrecy="named", by=applicant)
    assert not StoredFile.objects.visible_to(agent).filter(pk=file.pk).exists()
