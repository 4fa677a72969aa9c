"""Who sees handed-in cases: the models' table and the permissions' table say the same; publishers see none."""

import pytest

from portal.models import Application, OfficeRole, StoredFile, User
from portal.models.people import CASE_ROLES
from portal.permissions import ROLES, Permission
from tests.factories import cases, people


@pytest.mark.parametrize("level", ["city", "district"])
def test_case_roles_agree_with_the_permissions(level: str) -> None:
    allowed = {role for role in OfficeRole.values if Permission.VIEW_CASE in ROLES.get(f"{level}_{role}", frozenset())}
    assert allowed == CASE_ROLES[level]


@pytest.mark.django_db
def test_case_and_its_files_do_not_exist_for_publishers(
    draft: Application, applicant: User, officer: User, publisher: User, administrator: User
) -> None:
    sent = cases.submitted(draft.organisation, applicant, cases.make_call())
    file = StoredFile.objects.create(
        key="k", name="a.pdf", size=1, sha256="0" * 64, media_type="application/pdf", application=sent, status="clean"
    )
    local = people.post(people.make_user("区发布"), "minhang", "publisher")
    for person, seen in ((officer, True), (administrator, True), (publisher, False), (local, False)):
        assert Application.objects.visible_to(person).filter(pk=sent.pk).exists() is seen, person
        assert StoredFile.objects.visible_to(person).filter(pk=file.pk).exists() is seen, person
