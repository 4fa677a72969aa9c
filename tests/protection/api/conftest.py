"""The API's client for alerts."""

from tests.portal.api.conftest import api  # noqa: F401 - a fixture
from tests.protection.publishing.conftest import approver, author, draft_alert, in_review  # noqa: F401
