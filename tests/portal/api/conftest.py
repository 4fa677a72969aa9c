"""A client of the API per person, and cases in the states the verbs need."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from portal import procedures
from portal.models import Application, Call, Organisation, Recognition, User
from tests.factories import cases, people

ROOT = "/api/v1"


class Api:
    """Speaks to the API as one person; paths are below /api/v1/."""

    def __init__(self, user: User | None = None, **headers: str) -> None:
        self.client = APIClient()
        if user is not None:
            # The person as the database knows them, so that no cached standing is reused.
            self.client.force_authenticate(User.objects.get(pk=user.pk))
        self.headers = headers

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(f"{ROOT}{path}", params, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str = "", form: bool = False) -> Any:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        kind = "multipart" if form else "json"
        return self.client.post(f"{ROOT}{path}", {} if body is None else body, format=kind, headers=headers)

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(f"{ROOT}{path}", body, format="json", headers=self.headers)


@pytest.fixture
def api(db: None) -> Callable[..., Api]:
    """Return `api(user)`: a fresh client each time."""
    return lambda user=None, **headers: Api(user, **headers)


@pytest.fixture
def submitted(draft: Application, applicant: User, officer: User) -> Application:
    return procedures.submit(draft, by=applicant)


@pytest.fixture
def in_review(submitted: Application, officer: User) -> Application:
    procedures.declare(submitted, has_conflict=False, by=officer)
    return procedures.take(submitted, by=officer)


@pytest.fixture
def returned(in_review: Application, officer: User) -> Application:
    marks = [procedures.Mark("ip_staff", "mismatch", "请核对。")]
    procedures.return_for_correction(in_review, marks, by=officer)
    in_review.refresh_from_db()
    return in_review


@pytest.fixture
def recommended(in_review: Application, officer: User, supervisor: User) -> Application:
    procedures.record_review(in_review, stage="verify", is_pass=True, reason="齐全。", by=officer)
    procedures.declare(in_review, has_conflict=False, by=supervisor)
    procedures.record_review(in_review, stage="recommend", is_pass=True, reason="同意。", by=supervisor)
    in_review.refresh_from_db()
    return in_review


@pytest.fixture
def seated(recommended: Application, expert: User, second_expert: User) -> Application:
    """Return a case with both experts seated and declared."""
    procedures.draw_experts(recommended, by=None)
    for person in (expert, second_expert):
        procedures.declare(recommended, has_conflict=False, by=person)
    return recommended


@pytest.fixture
def scored(recommended: Application, expert: User, second_expert: User) -> Application:
    return cases.scored(recommended, [expert, second_expert], [80, 84])


@pytest.fixture
def in_publicity(scored: Application, city_supervisor: User) -> Application:
    return cases.in_publicity(scored, city_supervisor)


@pytest.fixture
def rejected(scored: Application, city_supervisor: User) -> Application:
    procedures.declare(scored, has_conflict=False, by=city_supervisor)
    return procedures.decide(scored, is_approved=False, reason="未达标准。", by=city_supervisor)


@pytest.fixture
def recognition(in_publicity: Application, frozen: Callable[..., None]) -> Recognition:
    frozen("2027-03-01T09:00")
    procedures.conclude_publicity(in_publicity)
    return Recognition.objects.get(application=in_publicity)


@pytest.fixture
def other_call(db: None) -> Call:
    return cases.make_call()


@pytest.fixture
def unverified(applicant: User) -> Organisation:
    """Return an unverified enterprise that the applicant owns too."""
    found = people.make_organisation("上海待核实科技有限公司", verified=False)
    people.join(applicant, found, "owner")
    return found


@pytest.fixture
def declared(submitted: Application, officer: User) -> Application:
    procedures.declare(submitted, has_conflict=False, by=officer)
    return submitted


@pytest.fixture
def answered(returned: Application, applicant: User) -> Application:
    """Return a case whose marked question is corrected but not handed in again."""
    revisions = procedures.revisions_of(returned)
    return procedures.save_answers(returned, {"ip_staff": 3}, revisions=revisions, by=applicant)


@pytest.fixture
def resubmitted(answered: Application, applicant: User) -> Application:
    return procedures.resubmit(answered, by=applicant)


@pytest.fixture
def drawn(recommended: Application, expert: User, second_expert: User) -> Application:
    procedures.draw_experts(recommended, by=None)
    return recommended


@pytest.fixture
def drawable(recommended: Application, expert: User, second_expert: User) -> Application:
    """Return a case in scoring, with experts in the pool."""
    return recommended


@pytest.fixture
def decidable(scored: Application, city_supervisor: User) -> Application:
    procedures.declare(scored, has_conflict=False, by=city_supervisor)
    return scored
