"""The registry loader on the real rows kept beside the project; skipped where that folder is absent."""

from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal import registry
from portal.models import RegistryRecord

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "enterprises"
SAMPLE = FOLDER / "shanghai_enterprises_sample.csv"
MALFORMED = FOLDER / "malformed_rows_sample.csv"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SAMPLE.exists(), reason="the real registry rows (../shared/data/enterprises) are not here"),
]


def test_twenty_thousand_real_rows_load_as_they_are_and_twice_changes_nothing(django_assert_max_num_queries):
    with django_assert_max_num_queries(15):  # statements, not rows: COPY and one upsert
        first = registry.load(SAMPLE)
    # One row slipped by a column (a foreign name was cut at its comma); it is refused, not stored askew.
    assert (first.read, first.created, first.refused_rows) == (20_000, 19_999, 1)
    assert {(number, problem.reason) for number, problem in first.refused} == {
        (5267, "not_a_province"),
        (5267, "not_a_district"),
    }
    assert first.remarks == []
    before = list(RegistryRecord.objects.order_by("pk").values_list("pk", "row_hash", "loaded_at"))
    second = registry.load(SAMPLE)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 19_999)
    assert list(RegistryRecord.objects.order_by("pk").values_list("pk", "row_hash", "loaded_at")) == before


def test_real_rows_suggest_districts_and_read_every_capital():
    registry.load(SAMPLE)
    rows = RegistryRecord.objects
    assert not rows.filter(district_text="自贸区", district__isnull=False).exists()
    assert not rows.filter(district_text="", division_code="310000", district__isnull=False).exists()
    assert set(rows.filter(district_text="闸北").values_list("district_id", flat=True)) == {"310106"}
    assert set(rows.filter(district_text="", division_code="310230").values_list("district_id", flat=True)) == {
        "310151"
    }
    assert rows.exclude(district=None).values("district").distinct().count() == 16
    assert not rows.exclude(capital_text="").filter(capital_wan=None).exists()
    currencies = Counter(rows.values_list("currency", flat=True))
    assert set(currencies) == {"", "CNY", "USD", "JPY", "EUR", "DEM", "HKD"}


def test_malformed_rows_are_refused_one_by_one(tmp_path):
    report = tmp_path / "report.csv"
    with pytest.raises(CommandError, match="没有一行可以装入"):
        call_command("load_registry", MALFORMED, "--report", report, stdout=(said := StringIO()))
    assert "拒绝 14" in said.getvalue()
    text = report.read_text(encoding="utf-8-sig")
    for number in range(2, 16):
        assert f"\n{number},col1,destroyed_text," in text
        assert f"\n{number},col3,code_elsewhere," in text
    assert RegistryRecord.objects.count() == 0


def test_malformed_rows_under_a_right_header_are_refused_one_by_one(tmp_path):
    header = SAMPLE.read_text(encoding="utf-8").splitlines()[0]
    rows = MALFORMED.read_text(encoding="utf-8").splitlines()[1:]
    path = tmp_path / "mixed.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    outcome = registry.load(path)
    assert (outcome.read, outcome.created, outcome.refused_rows) == (14, 0, 14)
    assert {number for number, problem in outcome.refused if problem.reason == "destroyed_text"} == set(range(2, 16))
