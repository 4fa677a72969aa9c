"""The desk: two who may publish, one who only looks."""

import pytest

from portal.models import User
from services.protection.models import AlertVersion
from tests.factories import alerts
from tests.portal.api.conftest import api  # noqa: F401 - a fixture


@pytest.fixture
def author(db: None) -> User:
    """Return the publisher who writes."""
    return alerts.city_person("秦望舒")


@pytest.fixture
def approver(db: None) -> User:
    """Return another publisher."""
    return alerts.city_person("陆清和")


@pytest.fixture
def draft_alert(author: User) -> AlertVersion:
    return alerts.make_alert("draft", author=author)


@pytest.fixture
def in_review(author: User) -> AlertVersion:
    return alerts.make_alert("in_review", author=author)
