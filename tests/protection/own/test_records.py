"""The enterprise's own records behind a reason."""

from __future__ import annotations

import datetime as dt

import pytest

from enterprises.models import Market
from patents.models import Right
from portal.models import Organisation, User
from services.protection import records

pytestmark = pytest.mark.django_db


def make(organisation: Organisation, title: str, **values: object) -> Right:
    told = {"kind": "invention", "status": "granted", "filed_on": dt.date(2020, 1, 2), "identity": title, **values}
    return Right.objects.create(organisation=organisation, title=title, **told)


def titles(found: dict[str, object]) -> list[str]:
    return sorted(str(item["label"]) for item in found["items"])  # type: ignore[attr-defined]


def test_ipc_group_ends_where_the_pattern_says(organisation: Organisation, applicant: User) -> None:
    make(organisation, "甲", main_ipc="G01L 9/12", country="US")
    make(organisation, "乙", main_ipc="H01M10/05", classes=["H01M10/05", "G01L9/00"], country="US")
    make(organisation, "丙", main_ipc="G01L 90/04", country="US")
    make(organisation, "丁", main_ipc="G01L9/12", status="lapsed", country="US")
    reason = {"code": "rights_topic", "values": {"ipc": "G01L 9/*", "count": 2}}
    assert titles(records.of(organisation, [reason], applicant)[0]) == ["US；乙", "US；甲"]
    exact = {"code": "rights_topic", "values": {"ipc": "G01L9/12", "count": 1}}
    assert titles(records.of(organisation, [exact], applicant)[0]) == ["US；甲"]
    subclass = {"code": "rights_topic", "values": {"ipc": "G01L", "count": 3}}
    assert len(records.of(organisation, [subclass], applicant)[0]["items"]) == 3


def test_what_is_kept_from_officials_is_no_record(organisation: Organisation, applicant: User) -> None:
    make(organisation, "甲", main_ipc="G01L9/12", secrecy="internal")
    reason = {"code": "rights_topic", "values": {"ipc": "G01L", "count": 1}}
    assert records.of(organisation, [reason], applicant) == [{"items": [], "more": False, "on": None}]


def test_marks_and_markets(organisation: Organisation, applicant: User) -> None:
    make(organisation, "商标甲", kind="trademark", classes=["9"], country="US")
    Market.objects.create(organisation=organisation, country="US", products="压力传感器", share_percent=38, year=2025)
    marks, exports = records.of(
        organisation,
        [
            {"code": "marks", "values": {"nice": 9, "count": 1}},
            {"code": "exports", "values": {"country": "US"}},
        ],
        applicant,
    )
    assert titles(marks) == ["US；商标甲"]
    assert "压力传感器" in titles(exports)[0]
    assert "38" in titles(exports)[0]
