"""The register in five ways: Chinese, English, no script, keyboard alone, 320 px."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from portal import audit

from .driver import Visitor
from .register_story import RegisterStory, tell
from .test_story import WAYS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("way", WAYS)
def test_register_from_a_list_to_a_forecast(
    way: str, server: str, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    tell(RegisterStory(partial(visit, **WAYS[way]), tmp_path))
    assert list(audit.verify()) == []
