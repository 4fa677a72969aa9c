"""The demo plays through the real actions: every state occurs, the log is whole, deadlines are genuine."""

import pytest
from django.core.management import CommandError, call_command

from enterprises.demo import seed
from portal import audit
from portal.models import Application, Deadline, District, Installation, Organisation, Recognition, Status


@pytest.mark.django_db
def test_demo_shows_every_state_and_every_district():
    counts = seed(say=lambda _line: None)
    assert set(Application.objects.values_list("status", flat=True)) >= set(Status.values) - {"closed"}
    assert set(Organisation.objects.values_list("district", flat=True)) == set(
        District.objects.values_list("code", flat=True)
    )
    assert Installation.objects.get().is_demo
    assert Recognition.objects.count() == counts["recognitions"] >= 5
    assert Deadline.objects.open().exists()
    assert list(audit.verify()) == []
    with pytest.raises(CommandError, match="already has users"):
        call_command("seed_demo")
