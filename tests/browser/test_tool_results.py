"""The calculators with a result and with slips: every width, both languages, with and without script, no fault."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from .checkers import faults_of
from .conftest import SHOTS
from .driver import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATENT = "kind=invention&filed_on=2020-03-10&granted_on=2023-05-20&reduction=0.85"
RESULTS = {
    "list": "/tools/",
    "annuities": f"/tools/annuities/?{PATENT}&as_of=2026-05-12",
    "annuities-slips": "/tools/annuities/?kind=x&filed_on=x&granted_on=&reduction=1",
    "annuities-none": "/tools/annuities/?kind=utility_model&filed_on=2015-01-05&granted_on=2024-12-31",
    "size": "/tools/sme-size/?industry=industry&staff=350&revenue=1500",
    "size-slips": "/tools/sme-size/?industry=industry&staff=x",
    "number": "/tools/application-number/?number=201710601862.3",
    "number-slips": "/tools/application-number/?number=201710601862.4",
    "code": "/tools/uscc/?code=91310115MA1KEHK006",
    "home": "/",
}


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_results_have_no_fault_at_any_width(visit: Callable[..., Visitor], language: str, width: int) -> None:
    visitor = visit(language=language, width=width, bypass_csp=True)
    faults = []
    for name, path in RESULTS.items():
        visitor.open(path)
        faults += [f"{name}: {fault}" for fault in faults_of(visitor)]
        if os.environ.get("SHOOT"):
            visitor.shoot(SHOTS / f"tool-{name}-{visitor.language}-{width}.png")
    assert faults == []


def test_annuities_are_computed_without_script(visit: Callable[..., Visitor]) -> None:
    visitor = visit(script=False)
    visitor.page.goto(visitor.server + "/tools/annuities/")
    visitor.page.fill("#id_filed_on", "2020/3/10")
    visitor.page.fill("#id_granted_on", "2023年5月20日")
    visitor.page.select_option("#id_reduction", "0.85")
    visitor.page.click("form button[type=submit] >> nth=-1")
    assert "2040年3月9日" in visitor.page.inner_text("#main")
