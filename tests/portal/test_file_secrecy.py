"""A file of an enterprise is seen as far as its secrecy goes, and the log does not name what officials may not know."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal import files
from portal.errors import Denied
from portal.models import AuditEvent, Secrecy, StoredFile
from portal.permissions import Permission
from tests.factories.documents import pdf

pytestmark = pytest.mark.django_db


def keep(organisation, by, secrecy, readers=()):
    upload = SimpleUploadedFile("秘密配方.pdf", pdf())
    return files.attach(
        upload, slot="right:X", organisation=organisation, by=by, secrecy=secrecy, readers=readers,
        permission=Permission.EDIT_RIGHT,
    )  # fmt: skip


def seen_by(*people):
    return [StoredFile.objects.visible_to(person).exists() for person in people]


def test_open_file_is_seen_by_members_and_officials(organisation, applicant, colleague, officer, stranger):
    keep(organisation, applicant, Secrecy.OPEN)
    assert seen_by(applicant, colleague, officer, stranger) == [True, True, True, False]


def test_internal_file_is_hidden_from_officials(organisation, applicant, colleague, officer, city_officer):
    file = keep(organisation, applicant, Secrecy.INTERNAL)
    assert seen_by(applicant, colleague, officer, city_officer) == [True, True, False, False]
    with pytest.raises(Denied):
        files.check_open(officer, file)


def test_named_file_is_for_its_readers_only(organisation, applicant, colleague, officer):
    file = keep(organisation, applicant, Secrecy.NAMED, [applicant.pk])
    assert seen_by(applicant, colleague, officer) == [True, False, False]
    with pytest.raises(Denied):
        files.check_open(colleague, file)
    assert not AuditEvent.objects.filter(data__icontains="秘密配方").exists()
    assert not AuditEvent.objects.filter(data__icontains="right:X").exists()
