"""The API's client for the register."""

from tests.portal.api.conftest import api  # noqa: F401 - a fixture
