"""Keys of classes: the same levels in Python and in the database, with group boundaries; reasons in words."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import translation

from services.protection import classes, exposure, reasons

SYMBOLS = {
    "G01L9/12": ("G", "G01", "G01L", "G01L9", "G01L9/12"),
    "g01l 9/12": ("G", "G01", "G01L", "G01L9", "G01L9/12"),
    "G01L 9/*": ("G", "G01", "G01L", "G01L9"),
    "G01L9": ("G", "G01", "G01L", "G01L9"),
    "G01L": ("G", "G01", "G01L"),
    "G": ("G",),
    "G06F0016900000": ("G", "G06", "G06F", "G06F16", "G06F16/90"),
    "H01M 10/0525 (2010.01)": ("H", "H01", "H01M", "H01M10", "H01M10/0525"),
    "A61K2039/505": ("A", "A61", "A61K", "A61K2039", "A61K2039/505"),
    "06-01": (),
    "": (),
    "传感器": (),
    "I01L9/12": (),
}


@pytest.mark.parametrize(("text", "levels"), SYMBOLS.items())
def test_levels_of_a_symbol(text: str, levels: tuple[str, ...]) -> None:
    assert classes.ipc_levels(text) == levels


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "levels"), SYMBOLS.items())
def test_database_reads_symbols_alike(text: str, levels: tuple[str, ...]) -> None:
    read = f"SELECT level.key FROM {exposure.LEVELS.replace('{text}', '%s')} WHERE level.key IS NOT NULL ORDER BY depth"
    with connection.cursor() as cursor:
        cursor.execute(read, [text])
        assert tuple(row[0] for row in cursor.fetchall()) == levels


def test_keys_people_type() -> None:
    assert classes.ipc_key("G01L 9/*") == "G01L9" and classes.ipc_words("G01L9") == "G01L 9/*"
    assert classes.ipc_words("G01L9/12") == "G01L 9/12" and classes.ipc_words("G01L") == "G01L"
    assert [classes.nice_key(text) for text in ("9", "09", 45, "46", "x")] == ["09", "09", "45", "", ""]
    assert classes.industry_levels("C3983") == ("C", "39", "398", "3983") == classes.industry_levels("3983")
    assert classes.industry_levels("C") == ("C",) and classes.industry_levels("仪表") == ()


FOUND = [
    {"code": "rights_abroad_topic", "values": {"country": "US", "ipc": "H01M", "count": 3}},
    {"code": "rights_topic", "values": {"ipc": "H01M", "count": 3}},
    {"code": "rights_abroad", "values": {"country": "US", "count": 3}},
    {"code": "exports", "values": {"country": "US"}},
    {"code": "marks", "values": {"nice": "09", "count": 1}},
    {"code": "watch", "values": {"what": "ipc", "key": "G01L9"}},
]


def test_reasons_leave_out_what_a_more_exact_one_says() -> None:
    with translation.override("zh-hans"):
        assert reasons.sentence(FOUND) == ("在美国有 3 件 H01M 的权利；向美国出口；有 1 件第 9 类商标；关注了G01L 9/*")
        assert reasons.sentence(FOUND, for_official=True).endswith("；企业自选关注")
        assert "G01L" not in reasons.sentence(FOUND, for_official=True)
        wider = [FOUND[0], {"code": "rights_topic", "values": {"ipc": "H01M", "count": 5}}]
        assert reasons.sentence(wider) == "在美国有 3 件 H01M 的权利；有 5 件 H01M 领域的权利"


def test_every_reason_has_words_and_a_label() -> None:
    for code in reasons.LABELS:
        assert reasons.label(code) and code in reasons.SAYINGS
    assert reasons.words({"code": "everybody", "values": {}}) == "面向全部企业"
    assert reasons.words({"code": "kinds", "values": {"kind": "invention", "count": 2}}) == "有 2 件发明"
    assert reasons.words({"code": "industry", "values": {"code": "C"}}) == "属于行业 C 门类"
    assert reasons.words({"code": "keyword", "values": {"word": "100%", "count": 2}}) == "有 2 件权利含“100%”"
