"""The story from registration to certificate, in five ways: Chinese, English, no script, keyboard alone, 320 px."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from portal import audit

from .driver import Visitor
from .story import Story, tell

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WAYS: dict[str, dict[str, Any]] = {
    "zh": {},
    "en": {"language": "en-US"},
    "no_script": {"script": False},
    "keyboard": {"keyboard": True},
    "narrow": {"width": 320},
}


@pytest.mark.parametrize("way", WAYS)
def test_story_from_registration_to_certificate(
    way: str, server: str, visit: Callable[..., Visitor], later: Callable[..., None], tmp_path: Path
) -> None:
    story = Story(partial(visit, **WAYS[way]), later, tmp_path)
    tell(story)
    assert story.looked >= 7
    assert list(audit.verify()) == []
