"""The data set for measuring is sound: numbers with right check signs, identities as the actions make them."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from patents import identities, numbers
from patents.models import Right
from portal import uscc
from portal.models import Application, Deadline, Organisation

pytestmark = pytest.mark.django_db(transaction=True)


def plain_indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename IN ('patents_right', 'portal_deadline')")
        return {name for (name,) in cursor.fetchall()}


def test_volume_is_sound_and_leaves_the_tables_as_they_were(settings: Any) -> None:
    before = plain_indexes()
    call_command("seed_volume", scale=0.0005, stdout=StringIO())
    assert plain_indexes() == before
    assert (Right.objects.count(), Organisation.objects.count(), Application.objects.count()) == (1000, 250, 200)
    assert 1_900 < Deadline.objects.open().count() < 2_100
    for organisation in Organisation.objects.all()[:100]:
        assert uscc.validate(organisation.uscc) == organisation.uscc
    for right in Right.objects.order_by("pk")[:200]:
        if right.application_number:
            assert str(numbers.parse(right.application_number)) == right.application_number
        names = ("application_number", "publication_number", "registration_number", "international_number")
        known = {name: getattr(right, name) for name in names}
        assert right.identity == identities.identity(kind=right.kind, title=right.title, **known)
    with pytest.raises(CommandError, match="already"):
        call_command("seed_volume", scale=0.0005, stdout=StringIO())
    settings.LOCAL = False
    with pytest.raises(CommandError, match="live"):
        call_command("seed_volume", stdout=StringIO())
