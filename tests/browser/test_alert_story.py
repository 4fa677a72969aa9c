"""A risk alert in three ways: Chinese, English at 320 px, without script."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from portal import audit

from .alert_story import AlertStory, tell
from .conftest import SHOTS
from .driver import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WAYS: dict[str, dict[str, Any]] = {
    "zh": {},
    "en_narrow": {"language": "en-US", "width": 320},
    "no_script": {"script": False},
}


@pytest.mark.parametrize("way", WAYS)
def test_alert_from_a_proposal_to_its_reach(way: str, server: str, visit: Callable[..., Visitor]) -> None:
    story = AlertStory(partial(visit, **WAYS[way]), SHOTS / f"alert-{way}")
    tell(story)
    assert story.pictures >= 10
    assert list(audit.verify()) == []
