"""The people of the tests, by what they are. All belong to Minhang and to one enterprise unless the name says else."""

import pytest

from portal.models import Application, Call, Organisation, User
from tests.factories import cases, people


@pytest.fixture
def organisation(db: None) -> Organisation:
    """Return a verified enterprise of Minhang."""
    return people.make_organisation("申澜微感（上海）传感科技有限公司")


@pytest.fixture
def applicant(organisation: Organisation) -> User:
    """Return its owner."""
    return people.join(people.make_user("林知远"), organisation, "owner")


@pytest.fixture
def manager(organisation: Organisation) -> User:
    return people.join(people.make_user("施怀瑾"), organisation, "manager")


@pytest.fixture
def colleague(organisation: Organisation) -> User:
    """Return a member who may fill in but not submit."""
    return people.join(people.make_user("周若川"), organisation, "member")


@pytest.fixture
def viewer(organisation: Organisation) -> User:
    return people.join(people.make_user("陆书宁"), organisation, "viewer")


@pytest.fixture
def other_organisation(db: None) -> Organisation:
    """Return a verified enterprise of Xuhui."""
    return people.make_organisation("上海汀禾生物科技有限公司", district="xuhui")


@pytest.fixture
def stranger(other_organisation: Organisation) -> User:
    """Return the owner of another enterprise."""
    return people.join(people.make_user("许清和"), other_organisation, "owner")


@pytest.fixture
def officer(db: None) -> User:
    return people.post(people.make_user("顾明之"), "minhang", "officer")


@pytest.fixture
def supervisor(db: None) -> User:
    return people.post(people.make_user("沈予安"), "minhang", "supervisor")


@pytest.fixture
def other_officer(db: None) -> User:
    """Return an officer of another district."""
    return people.post(people.make_user("何砚秋"), "xuhui", "officer")


@pytest.fixture
def city_officer(db: None) -> User:
    return people.post(people.make_user("吕市办"), "city", "officer")


@pytest.fixture
def city_supervisor(db: None) -> User:
    return people.post(people.make_user("张市督"), "city", "supervisor")


@pytest.fixture
def publisher(db: None) -> User:
    return people.post(people.make_user("孔发布"), "city", "publisher")


@pytest.fixture
def administrator(db: None) -> User:
    return people.post(people.make_user("曹管理"), "city", "administrator")


@pytest.fixture
def auditor(db: None) -> User:
    return people.post(people.make_user("严审计"), "city", "auditor")


@pytest.fixture
def expert(db: None) -> User:
    return people.make_expert("华专家")


@pytest.fixture
def second_expert(db: None) -> User:
    return people.make_expert("金专家")


@pytest.fixture
def call(db: None) -> Call:
    return cases.make_call()


@pytest.fixture
def draft(organisation: Organisation, applicant: User, call: Call) -> Application:
    """Return a completely answered draft."""
    return cases.make_draft(organisation, applicant, call)
