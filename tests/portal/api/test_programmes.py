"""Programmes and questionnaires through the API: the same actions, the same refusals."""

from typing import Any

import pytest

from portal.models import Programme, User
from tests.factories import cases

pytestmark = pytest.mark.django_db
PROGRAMME = {
    "code": "minhang-pilot", "title_zh": "闵行区试点", "title_en": "Minhang pilot", "clause": 5, "prefix": "MHP",
    "certificate_prefix": "MHPR", "certificate_title_zh": "证书", "certificate_title_en": "Certificate",
    "pattern": "district", "eligibility": [{"rule": "registered_years", "values": {"years": 2}}],
}  # fmt: skip


def test_district_programme_is_made_changed_and_put_to_use(
    api: Any, supervisor: User, administrator: User, officer: User
) -> None:
    made, twin = (api(supervisor).post("/programmes/", PROGRAMME, key="p") for _turn in range(2))
    assert (made.status_code, twin.json(), Programme.objects.count()) == (201, made.json(), 1), made.json()
    assert (made.json()["host"]["code"], made.json()["stages"]) == ("310112", ["verify", "recommend", "settle"])
    path = "/api/v1/programmes/minhang-pilot/"
    changed = api(supervisor).client.put(path, {**PROGRAMME, "title_en": "New", "revision": 0}, format="json")
    assert (changed.status_code, changed.json()["revision"]) == (200, 1), changed.json()
    late = api(supervisor).client.put(path, {**PROGRAMME, "revision": 0}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "edited_meanwhile")
    assert api(administrator).post("/programmes/minhang-pilot/activate/").status_code == 403
    assert api(officer).get("/programmes/").status_code == 403
    assert api(supervisor).post("/programmes/minhang-pilot/activate/").json()["status"] == "active"
    assert api(supervisor).post("/programmes/minhang-pilot/retire/").json()["status"] == "retired"


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"eligibility": [{"rule": "nothing"}]}, 400),
        ({"eligibility": [{"rule": "registered_years", "values": {"years": 0}}]}, 400),
        ({"prefix": "mhp"}, 400),
        ({"pattern": "none"}, 400),
        ({"prefix": "SQ"}, 409),
    ],
)
def test_wrong_programme_is_refused(api: Any, supervisor: User, wrong: dict[str, Any], status: int) -> None:
    assert api(supervisor).post("/programmes/", {**PROGRAMME, **wrong}).status_code == status
    assert not Programme.objects.exists()


def test_city_programme_is_never_decided_by_a_district(api: Any, administrator: User) -> None:
    assert api(administrator).post("/programmes/", PROGRAMME).json()["code"] == "stages"
    assert api(administrator).post("/programmes/", {**PROGRAMME, "pattern": "short"}).json()["host"] is None


def test_questionnaire_is_begun_from_another(api: Any, supervisor: User, administrator: User) -> None:
    cases.make_questionnaire()
    new = {"code": "own", "title_zh": "区问卷", "title_en": "District form", "source": "municipal_pilot.1"}
    made = api(supervisor).post("/questionnaires/", new)
    assert (made.status_code, made.json()["name"], made.json()["problems"]) == (201, "own.1", []), made.json()
    assert api(supervisor).post("/questionnaires/own.1/publish/").json()["status"] == "published"
    assert api(administrator).post("/questionnaires/own.1/retire/").status_code == 403
    assert api(supervisor).post("/questionnaires/own.1/retire/").json()["status"] == "retired"
