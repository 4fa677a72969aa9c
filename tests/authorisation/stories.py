"""How each case of the world came to where it is: the portal's own actions, with a canary in every text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from portal import procedures, questionnaires
from portal.clock import now, pretend
from portal.models import Answer, Application
from portal.procedures import Mark
from tests.factories.cases import sample_answer

from . import papers

TEXTS = ("text", "textarea")


class Teller:
    """Tells one case of one party, step by step."""

    def __init__(self, world: Any, party: Any, state: str) -> None:
        self.world, self.party, self.state = world, party, state
        self.office = party.officials
        self.application: Application

    def mark(self, sort: str, person: str = "") -> str:
        return self.world.canaries.make(self.party.key, sort, case=self.state, person=person)

    def person(self, name: str) -> Any:
        return self.world.people[name]

    def draft(self, by: str = "owner") -> Teller:
        author = self.party.people[by]
        call = self.world.calls[self.state]
        application = procedures.open_application(call, self.party.organisation, by=author)
        self.application = application
        sort = "draft" if self.state.startswith("draft") else "answers"
        for _part, question in questionnaires.questions(call.questionnaire.body):
            key, value = question["key"], sample_answer(question)
            if question["type"] == "file":
                file = papers.make_file(
                    self.world, self.party, sort, case=self.state, application=application, slot=key
                )
                value = [file.number]
            elif question["type"] in TEXTS and key != "name":
                value = f"答复 {self.mark(sort)}"
            elif application.answers.filter(key=key).exists():
                continue
            Answer.objects.update_or_create(
                application=application, key=key, defaults={"value": value, "updated_by": author}
            )
        return self

    def submit(self) -> Teller:
        self.application = procedures.submit(self.application, by=self.party.people["owner"])
        supervisor = self.office["supervisor"]
        procedures.assign(self.application, self.office["officer"], reason="由负责人指定。", by=supervisor)
        self.declare("officer", "supervisor")
        for name in ("city_officer", "city_supervisor", "city_decider"):
            procedures.declare(self.application, has_conflict=False, by=self.person(name))
        if self.party.key == "A":
            procedures.declare(self.application, has_conflict=False, by=self.person("officer_weak"))
            note = self.mark("conflict", person="officer_conflict")
            procedures.declare(self.application, has_conflict=True, note=note, by=self.person("officer_conflict"))
        self.talk()
        return self

    def declare(self, *roles: str) -> None:
        for role in roles:
            procedures.declare(self.application, has_conflict=False, by=self.office[role])

    def talk(self) -> None:
        """Both sides write, and the office writes to itself."""
        procedures.write_message(self.application, self.mark("talk"), by=self.party.people["owner"])
        procedures.write_message(self.application, self.mark("talk"), by=self.office["officer"])
        procedures.write_message(self.application, self.mark("internal"), is_internal=True, by=self.office["officer"])

    def take(self) -> Teller:
        self.application = procedures.take(self.application, by=self.office["officer"])
        return self

    def send_back(self) -> Teller:
        marks = [Mark("ip_staff", "mismatch", self.mark("talk")), Mark("plan", "unclear", self.mark("talk"))]
        request = procedures.return_for_correction(self.application, marks, by=self.office["officer"])
        for item in request.items.all():
            procedures.reply_to_correction(item, self.mark("talk"), by=self.party.people["owner"])
        return self

    def resubmit(self) -> Teller:
        self.application = procedures.resubmit(self.application, by=self.party.people["owner"])
        return self

    def verify(self) -> Teller:
        procedures.record_review(
            self.application, stage="verify", is_pass=True, reason=self.mark("opinion"), by=self.office["officer"]
        )
        return self

    def recommend(self, is_pass: bool = True) -> Teller:
        supervisor = self.office["supervisor"]
        procedures.record_review(
            self.application, stage="recommend", is_pass=is_pass, reason=self.mark("opinion"), by=supervisor
        )
        self.application.refresh_from_db()
        return self

    def invite(self, *names: str) -> Teller:
        experts = [self.person(name).expert for name in names]
        procedures.invite_experts(self.application, experts, by=self.person("city_officer"))
        return self

    def score(self, *names: str) -> Teller:
        for name in names:
            expert = self.person(name)
            procedures.declare(self.application, has_conflict=False, by=expert)
            sheet = {row["key"]: str(row["max"] * 0.8) for row in self.application.call.criteria}
            procedures.record_score(self.application, sheet, self.mark("sheet", person=name), by=expert)
        self.application.refresh_from_db()
        return self

    def decide(self) -> Teller:
        self.application = procedures.decide(
            self.application, is_approved=True, reason=self.mark("opinion"), by=self.person("city_decider")
        )
        return self

    def object(self) -> Teller:
        objection = procedures.object_to(
            self.application, name=self.mark("objector"), contact=self.mark("objector"), text=self.mark("objector")
        )
        address = {"number": self.application.number, "objection": objection.number}
        self.party.addresses["objection"] = address
        self.party.addresses["objection:api"] = {"number": objection.number}
        return self

    def appeal(self) -> Teller:
        made = procedures.appeal(self.application, self.mark("talk"), by=self.party.people["owner"])
        self.party.addresses["appeal"] = {"number": self.application.number, "appeal": made.number}
        self.party.addresses["appeal:api"] = {"number": made.number}
        return self


def _scoring(teller: Teller) -> Teller:
    """In A two actors are seated: one has declared and scored, one has not declared. Others score in B."""
    teller.draft().submit().take().verify().recommend()
    if teller.party.key == "A":
        return teller.invite("expert_declared", "expert_undeclared").score("expert_declared")
    return teller.invite("expert_x", "expert_y").score("expert_x")


def _decidable(teller: Teller) -> Teller:
    teller.draft().submit().take().verify().recommend()
    return teller.invite("expert_x", "expert_y").score("expert_x", "expert_y")


def _held(teller: Teller) -> Teller:
    """Decided and not in force: only who decides for the city knows, behind the gate."""
    _decidable(teller)
    by = teller.person("city_supervisor")
    procedures.decide(teller.application, is_approved=False, reason=teller.mark("held"), by=by, is_held=True)
    return teller


def _approved(teller: Teller) -> Teller:
    with pretend(now() - dt.timedelta(days=60)):
        _decidable(teller).decide()
    procedures.conclude_publicity(teller.application)
    recognition = teller.application.recognition
    teller.party.addresses["recognition"] = {"number": recognition.number}
    teller.world.canaries.literal(recognition.number, teller.party.key, "public")
    return teller


def _withdrawn(teller: Teller) -> Teller:
    teller.draft().submit()
    owner = teller.party.people["owner"]
    teller.application = procedures.withdraw(teller.application, reason=teller.mark("talk"), by=owner)
    return teller


STEPS: dict[str, Callable[[Teller], Teller]] = {
    "draft": lambda t: t.draft(),
    "draft_colleague": lambda t: t.draft(by="member"),
    "submitted": lambda t: t.draft().submit(),
    "review": lambda t: t.draft().submit().take(),
    "returned": lambda t: t.draft().submit().take().send_back(),
    "resubmitted": lambda t: t.draft().submit().take().send_back().resubmit(),
    "recommend": lambda t: t.draft().submit().take().verify(),
    "score": _scoring,
    "decide": _decidable,
    "held": _held,
    "publicity": lambda t: _decidable(t).decide().object(),
    "approved": _approved,
    "rejected": lambda t: t.draft().submit().take().verify().recommend(is_pass=False),
    "appealed": lambda t: t.draft().submit().take().verify().recommend(is_pass=False).appeal(),
    "withdrawn": _withdrawn,
}


def tell(world: Any, party: Any, state: str) -> Application:
    """Return the case of one state."""
    return STEPS[state](Teller(world, party, state)).application
