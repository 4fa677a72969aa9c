"""README.md says what the code does: its generated parts are those of the tables."""

import pytest
from django.conf import settings

from portal import readme
from portal.models import Status
from portal.permissions import ROLES, Permission
from portal.procedures import EVENT, OWNER, TRANSITIONS, Verb


def test_readme_generated_parts_are_current():
    text = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    assert readme.refresh(text) == text, "run: manage.py write_readme"


def test_readme_without_marks_is_refused():
    with pytest.raises(ValueError, match="state diagram"):
        readme.refresh("nothing generated here")


def test_tables_cover_every_status_and_verb():
    assert set(TRANSITIONS) == set(OWNER) == set(Status)
    assert set(EVENT) == set(Verb)
    used = {verb for verbs in TRANSITIONS.values() for verb in verbs}
    assert used == set(Verb)


def test_every_permission_is_held_by_some_role_and_has_a_sentence():
    held = set().union(*ROLES.values())
    assert held == set(Permission)
    assert all(str(permission.value).endswith("。") for permission in Permission)
