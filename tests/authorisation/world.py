"""Two enterprises with everything that can happen to them, made by the portal's own actions, full of canaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from portal import bulk, feeds, files, invitations, organisations, tokens, webhooks
from portal.clock import now
from portal.models import (
    ApiToken,
    Application,
    Assignment,
    BulkDecision,
    Call,
    Expert,
    JoinRequest,
    Membership,
    Notification,
    Office,
    Organisation,
    Questionnaire,
    ReportRun,
    StoredFile,
    User,
    Verification,
)
from tests.factories import cases as factory
from tests.factories import people

from . import alerts, coordination, deliveries, desks, disputes, markets, papers, programmes, register, stories
from .canaries import Canaries

STATES = (
    "draft draft_colleague submitted review returned resubmitted recommend score decide held publicity rejected "
    "appealed withdrawn approved"
).split()
DISTRICTS = {"A": "minhang", "B": "xuhui", "C": "xuhui"}


@dataclass
class Party:
    """One enterprise: its people, its district's officials, its cases and the addresses of all its things."""

    key: str
    organisation: Organisation
    people: dict[str, User]
    officials: dict[str, User]
    cases: dict[str, Application] = field(default_factory=dict)
    addresses: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def district(self) -> str:
        return DISTRICTS[self.key]


class World:
    """Everything there is. `people` are the actors by name, `parties` the enterprises by letter."""

    def __init__(self) -> None:
        self.canaries = Canaries()
        self.people: dict[str, User] = {}
        self.parties: dict[str, Party] = {}
        self.calls: dict[str, Call] = {}
        self.raw_tokens: dict[str, str] = {}
        self.shared: dict[str, dict[str, Any]] = {}
        self.advisers: set[tuple[int, str, str]] = set()  # (expert, party, which request): see disputes.py
        self.made_at = now()

    def person(self, name: str, party: str = "", sort: str = "people") -> User:
        """Return a new person whose name, e-mail and phone carry one canary."""
        word = self.canaries.make(party, sort, person=name)
        user = people.make_user(f"{word}人", email=f"{word}@example.cn", phone=f"+86 21 {word}")
        self.people[name] = user
        return user

    def official(self, name: str, office: str, role: str, *, strong: bool = True) -> User:
        """Return an official; what officials are called is no secret."""
        user = people.make_user(f"{name}官", email=f"{name.replace('_', '-')}@gov.example.cn")
        people.post(user, office, role)
        if not strong:
            user.authenticator_set.all().delete()
        self.people[name] = user
        return user

    def expert(self, name: str) -> User:
        user = people.make_expert(f"{self.canaries.make('', 'expert_name', person=name)}专家")
        Expert.objects.filter(user=user).update(employer=self.canaries.make("", "expert_file", person=name))
        self.people[name] = user
        return user

    def gates(self) -> dict[tuple[int, int], bool]:
        """Return {(user, application): declared without interest} as the rows have it."""
        rows = Assignment.objects.filter(declared_at__isnull=False)
        found: dict[tuple[int, int], bool] = {}
        for user, application, conflict in rows.values_list("user", "application", "has_conflict"):
            found[user, application] = found.get((user, application), True) and not conflict
        return found

    def seats(self) -> set[tuple[int, int]]:
        """Return {(user, application)} of the open expert seats."""
        rows = Assignment.objects.filter(seat=Assignment.Seat.EXPERT, ended_at=None)
        return set(rows.values_list("user", "application"))


def build() -> World:
    """Return the world with enterprises A and B."""
    world = World()
    _city(world)
    for key in ("A", "B"):
        add_party(world, key)
    _people_on_the_edge(world)
    _shared(world)
    world.made_at = now()
    return world


def _city(world: World) -> None:
    for name, role in (
        ("city_officer", "officer"),
        ("city_undeclared", "officer"),
        ("city_supervisor", "supervisor"),
        ("city_decider", "supervisor"),
        ("publisher", "publisher"),
        ("administrator", "administrator"),
        ("auditor", "auditor"),
    ):
        world.official(name, "city", role)
    for name in ("expert_declared", "expert_undeclared", "expert_uninvited", "expert_x", "expert_y", "expert_z"):
        world.expert(name)
    for state in STATES:
        world.calls[state] = factory.make_call(number=f"CALL-{state.replace('_', '-')}", opens_at=_ago(120))
    hidden = factory.make_call(number="CALL-hidden", published_at=None, published_by=None)
    hidden.title_zh = hidden.title_en = world.canaries.make("", "unpublished")
    hidden.summary_zh = hidden.summary_en = world.canaries.make("", "unpublished")
    hidden.save()
    world.calls["hidden"] = hidden


def _ago(days: int) -> dt.datetime:
    return now() - dt.timedelta(days=days)


def add_party(world: World, key: str, states: Iterable[str] = STATES) -> Party:
    """Add an enterprise with its people, officials and cases."""
    mark = world.canaries.make
    organisation = people.make_organisation(
        f"{mark(key, 'name')}科技有限公司",
        district=DISTRICTS[key],
        address=f"{mark(key, 'address')}路一号",
    )
    world.canaries.literal(organisation.uscc, key, "code")
    world.canaries.literal(organisation.number, key, "code")
    organisation.profile.main_products = f"{mark(key, 'profile')}芯片"
    organisation.profile.save()
    prefix = "" if key == "A" else f"{key}_"
    staff = {}
    for role in ("owner", "manager", "member", "viewer"):
        staff[role] = people.join(world.person(f"{prefix}{role}", key), organisation, role)
    party = Party(key, organisation, staff, _district(world, key))
    world.parties[key] = party
    for state in states:
        party.cases[state] = application = stories.tell(world, party, state)
        application.refresh_from_db()
        sort = {"draft": "draft", "draft_colleague": "draft", "withdrawn": "number"}.get(state, "number")
        world.canaries.literal(application.number, key, sort, case=state)
        party.addresses[f"case:{state}"] = {"number": application.number}
    _things(world, party)
    register.add_rights(world, party)
    alerts.add_proposal(world, party)
    deliveries.add_deliveries(world, party)
    markets.add_markets(world, party)
    desks.add_workbench(world, party)
    disputes.add_disputes(world, party)
    return party


def _district(world: World, key: str) -> dict[str, User]:
    place, n = DISTRICTS[key], {"A": 1, "B": 2, "C": 2}[key]
    if key == "C":
        return world.parties["B"].officials
    found = {
        "officer": world.official(f"officer_{n}", place, "officer"),
        "supervisor": world.official(f"supervisor_{n}", place, "supervisor"),
    }
    if key == "A":
        world.official("officer_undeclared", place, "officer")
        world.official("officer_conflict", place, "officer")
        world.official("officer_weak", place, "officer", strong=False)
        world.official("district_publisher", place, "publisher")
        world.official("district_auditor", place, "auditor")
    return found


def _things(world: World, party: Party) -> None:
    """Give an enterprise what is not a case: files, notices, tokens, invitations, requests, verifications, reports."""
    key, organisation, owner = party.key, party.organisation, party.people["owner"]
    mark, put = world.canaries.make, party.addresses
    put["organisation"] = {"number": organisation.number}
    licence = papers.make_file(world, party, "licence", organisation=organisation, slot="licence")
    put["file:organisation"] = {"number": licence.number}
    for state in {"draft", "submitted", "review", "approved"} & party.cases.keys():
        file = StoredFile.objects.filter(application=party.cases[state]).earliest("pk")
        put[f"file:{state}"] = {"number": file.number}
    own = files.keep(b"%PDF-1.4", name=f"{mark(key, 'own', person=_name(world, owner))}.pdf",
                     media_type="application/pdf", slot="report", by=owner)  # fmt: skip
    put["file:own"] = {"number": own.number}
    verification = Verification.objects.create(
        organisation=organisation, evidence="licence", licence=licence, created_by=owner,
        reason=mark(key, "verification"),
    )  # fmt: skip
    put["verification"] = {"number": verification.number}
    _asking(world, party)
    _personal(world, party)
    for role, user in party.people.items():
        row = Membership.objects.get(user=user, organisation=organisation)
        put[f"member:{role}"] = {"number": organisation.number, "member": row.number}


def _name(world: World, user: User) -> str:
    return next(name for name, person in world.people.items() if person == user)


def _asking(world: World, party: Party) -> None:
    key, mark, put = party.key, world.canaries.make, party.addresses
    asker = world.person(f"{key}_asker", key, "asker")
    request = organisations.request_join(
        code=party.organisation.uscc, message=mark(key, "join", person=f"{key}_asker"), by=asker
    )
    put["join"] = {"number": request.number}
    second = world.person(f"{key}_asker_district", key, "asker_district")
    helped = JoinRequest.objects.create(
        organisation=party.organisation, user=second, uscc=party.organisation.uscc, asks_district=True,
        message=mark(key, "join_district", person=f"{key}_asker_district"),
    )  # fmt: skip
    put["join:district"] = {"number": helped.number}
    invitation = organisations.invite_member(
        party.organisation, email=f"{mark(key, 'invitation')}@example.cn", role="member",
        name=mark(key, "invitation"), by=party.people["owner"],
    )  # fmt: skip
    put["invitation"] = {"number": invitation.number}
    put["invitation:token"] = {"token": invitations.token_of(invitation)}


def _personal(world: World, party: Party) -> None:
    """Notices, tokens and reports belong to one person each."""
    key, owner = party.key, party.people["owner"]
    name = _name(world, owner)
    token, raw = tokens.create(owner, label=world.canaries.make(key, "own", person=name), scopes=["read"])
    party.addresses["token"] = {"number": token.number}
    feed, secret = feeds.create(owner, label=world.canaries.make(key, "own", person=name))
    party.addresses["feed"], party.addresses["feed:token"] = {"number": feed.number}, {"token": secret}
    hook = webhooks.create(party.organisation, url=f"https://hooks.example.cn/{party.organisation.number}", by=owner)
    party.addresses["webhook"] = {"number": party.organisation.number, "webhook": hook.number}
    notice = Notification.objects.filter(recipient=owner).latest("pk")
    party.addresses["notification"] = {"number": notice.number}
    run = ReportRun.objects.create(
        report="cases", parameters={"q": world.canaries.make(key, "own", person=name)}, format="csv",
        status="done", created_by=owner, file=StoredFile.objects.get(number=party.addresses["file:own"]["number"]),
    )  # fmt: skip
    party.addresses["report"] = {"number": run.number}
    if key == "A":
        world.raw_tokens["token_read"] = raw
        world.raw_tokens["token_write"] = tokens.create(owner, label="w", scopes=["read", "write"])[1]
        dead, world.raw_tokens["token_expired"] = tokens.create(owner, label="x", scopes=["read", "write"])
        ApiToken.objects.filter(pk=dead.pk).update(expires_at=_ago(1))


def _people_on_the_edge(world: World) -> None:
    """Somebody who has left A, and somebody of A who may not sign in any more."""
    organisation = world.parties["A"].organisation
    left = people.join(world.person("ex_member", "A"), organisation, "member")
    left.memberships.update(ended_at=now())
    shut_out = people.join(world.person("disabled", "A"), organisation, "manager")
    User.objects.filter(pk=shut_out.pk).update(is_active=False)


def _bulk(world: World) -> BulkDecision:
    """A plan of the city's supervisor over the cases of both enterprises."""
    chosen = [party.cases["decide"] for party in world.parties.values()]
    return bulk.propose(chosen, is_approved=True, reason="同意。", by=world.people["city_supervisor"])


def _shared(world: World) -> None:
    """Things that belong to no enterprise: calls, questionnaires, offices, people as the administrators see them."""
    office = Office.objects.get(slug="minhang")
    posted = world.people["supervisor_1"]
    draft = Questionnaire.objects.get(code="municipal_pilot")
    draft.pk, draft.version, draft.status, draft.published_at = None, 2, "draft", None
    draft.title_zh = draft.title_en = world.canaries.make("", "unpublished")
    draft.save(force_insert=True)
    world.shared |= {
        "call": {"number": "CALL-review"},
        "call:hidden": {"number": "CALL-hidden"},
        "questionnaire": {
            "code": factory.make_questionnaire("municipal_demonstration").code,
            "version": 1,
            "number": "municipal_demonstration.1",
        },
        "questionnaire:draft": {"code": "municipal_pilot", "version": 2, "number": "municipal_pilot.2"},
        "office": {"slug": office.slug, "pk": office.pk},
        "person": {"number": world.people["viewer"].number},
        "person:expert": {"number": world.people["expert_x"].number},
        "person:disabled": {"number": world.people["disabled"].number},
        "posting": {"number": posted.number, "posting": posted.postings.get().number},
        "rule": {"code": "procedure.undo.limit"},
        "bulk": {"number": _bulk(world).number},
    }
    alerts.add_shared(world)
    programmes.add_shared(world)
    deliveries.add_knowledge(world)
    coordination.add_shared(world)
