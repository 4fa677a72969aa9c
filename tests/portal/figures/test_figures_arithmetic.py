"""Year on year, completion, the middle, and which cells stay hidden. The golden values are Shanghai's own."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import comparing
from portal.suppression import FEWEST, hidden, hides_total

FACTS = Path(__file__).parents[4] / "shared" / "data" / "facts" / "shanghai_facts.json"
# Self-made, of the shape of the file: (item, year, value, absolute change).
SAMPLE = [
    {"item": "每万人口高价值发明专利拥有量", "year": 2001, "value": 40.0, "yoy_abs": 6.5},
    {"item": "每万人口高价值发明专利拥有量", "year": 2002, "value": 50.0, "yoy_abs": 10.0, "yoy_pct": 25.0},
    {"item": "质押融资登记金额", "year": 2001, "value": 120.0},
    {"item": "质押融资登记金额", "year": 2002, "value": 210.0, "yoy_pct": 75},
]


def facts() -> list[dict]:  # type: ignore[type-arg]
    return json.loads(FACTS.read_text(encoding="utf-8"))["aggregates"] if FACTS.exists() else SAMPLE


def pairs() -> list[tuple[dict, dict]]:  # type: ignore[type-arg]
    """Return (a year, the year after) of every item whose figures of both years are known."""
    rows = {(row["item"], row["year"]): row for row in facts() if row["value"] is not None}
    return [(rows[item, year - 1], row) for (item, year), row in rows.items() if (item, year - 1) in rows]


def places(text: object) -> Decimal:
    """Return the step to which a figure is written: 87 -> 1, 10.62 -> 0.01."""
    return Decimal(1).scaleb(Decimal(str(text)).as_tuple().exponent)  # type: ignore[arg-type]


def test_the_published_changes_follow_from_the_published_figures() -> None:
    seen = 0
    for before, after in pairs():
        found = comparing.change(before["value"], after["value"])
        assert found is not None
        if "yoy_abs" in after:
            assert found.difference == Decimal(str(after["yoy_abs"]))
            seen += 1
        if "yoy_pct" in after:
            assert found.percent is not None
            assert comparing.rounded(found.percent, places(after["yoy_pct"])) == Decimal(str(after["yoy_pct"]))
            seen += 1
    assert seen >= 2


def test_a_published_percentage_gives_back_itself() -> None:
    """A base rounded to whole pieces, as the bulletin's own base was, gives the percentage the bulletin prints."""
    seen = 0
    for row in facts():
        if row.get("unit") in ("件", "笔") and row.get("yoy_pct") and Decimal(str(row["value"])) % 1 == 0:
            base = comparing.rounded(Decimal(str(row["value"])) / (1 + Decimal(str(row["yoy_pct"])) / 100), Decimal(1))
            found = comparing.change(base, row["value"])
            assert found is not None and found.percent is not None
            step = Decimal("0.1") if base < 1000 else Decimal("0.02")
            assert abs(found.percent - Decimal(str(row["yoy_pct"]))) <= step, row["item"]
            seen += 1
    assert seen or not FACTS.exists()


@pytest.mark.parametrize(
    ("value", "target", "is_down", "wanted"),
    [(50, 100, False, 50), (150, 100, False, 100), (None, 100, False, None), (10, 0, False, None),
     (20, 10, True, 50), (5, 10, True, 100), (0, 10, True, 100), (1, 3, False, Decimal("33.33"))],
)  # fmt: skip
def test_completion(value: object, target: object, is_down: bool, wanted: object) -> None:
    assert comparing.completion(value, target, is_down_better=is_down) == wanted  # type: ignore[arg-type]


def test_change_and_middle() -> None:
    assert comparing.change(None, 5) is None
    found = comparing.change(0, 5)
    assert found is not None
    assert (found.difference, found.percent) == (5, None)
    assert comparing.median([3, None, 1]) == 2
    assert comparing.median([]) is None
    assert comparing.mean([None, Decimal(1), Decimal(2)]) == Decimal("1.50")


CELLS = st.lists(st.integers(0, 12), max_size=8).map(lambda counts: dict(zip("abcdefgh", counts, strict=False)))


@given(CELLS, st.sets(st.sampled_from("abcdefgh")))
def test_no_hidden_cell_can_be_worked_out(cells: dict[str, int], known: set[str]) -> None:
    gone = hidden(cells, known=known)
    assert not gone & known
    assert all(key in gone for key, count in cells.items() if count < FEWEST and key not in known)
    filled = [cells[key] for key in gone if cells[key]]
    if filled and not hides_total(cells, sum(cells.values()), known=known):
        assert len(filled) > 1
        assert sum(filled) >= FEWEST


def test_suppression_hides_one_more_where_the_total_gives_one_away() -> None:
    assert hidden({"a": 3, "b": 9, "c": 7}) == {"a", "c"}
    assert hidden({"a": 3, "b": 9, "c": 7}, has_total=False) == {"a"}
    assert hidden({"a": 0, "b": 9}) == {"a"}, "a zero is hidden, but gives nobody away"
    assert hides_total({"a": 3}, 3)
    assert hides_total({"a": 3, "b": 9}, 12, known={"b"})
