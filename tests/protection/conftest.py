"""What every test of the protection workstream finds in its database."""

import pytest

from services.protection import loading


@pytest.fixture(autouse=True)
def _knowledge(db: None) -> None:
    """Countries and laws that ship with the rules: a test with real transactions before may have emptied them."""
    loading.ensure()
