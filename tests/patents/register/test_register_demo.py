"""The demo's register shows every kind and state, with dates that were computed."""

import pytest
from django.core.management import call_command

from patents.models import LegalStatus, Right, RightKind
from portal import audit
from portal.models import Deadline


@pytest.mark.django_db
def test_demo_register_shows_every_kind_and_state():
    call_command("seed_demo", verbosity=0)
    assert set(Right.objects.values_list("kind", flat=True)) == set(RightKind.values)
    shown = set(Right.objects.values_list("status", flat=True))
    assert set(LegalStatus.values) - shown <= {"restored", "part_invalid"}
    assert Deadline.objects.open().filter(subject_type="right").exists()
    assert list(audit.verify()) == []
