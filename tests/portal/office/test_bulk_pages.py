"""Pages and API of bulk decisions: from the queue to the release; nothing shows before."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal import bulk, letters
from portal.models import Application, BulkDecision, Call, HeldDecision, User
from portal.procedures import holding
from tests.factories import decisions, people

CANARY = "保密理由KQXZ"
State = BulkDecision.State


@pytest.fixture
def second(db: None) -> User:
    return people.post(people.make_user("吴市督"), "city", "supervisor")


@pytest.fixture
def owner(db: None) -> User:
    return people.make_user("林知远")


@pytest.fixture
def cases(call: Call, owner: User, city_supervisor: User) -> list[Application]:
    return decisions.ready(call, 3, owner, declared=(city_supervisor,))


@pytest.fixture
def desk(city_supervisor: User) -> Client:
    return decisions.signed_in(city_supervisor)


def test_from_the_queue_to_the_release(
    cases: list[Application], desk: Client, city_supervisor: User, second: User
) -> None:
    page = desk.get(reverse("case-list") + "?view=all").content.decode()
    assert reverse("bulk-new") in page and f'value="{cases[0].number}"' in page
    answer = desk.post(reverse("bulk-new"), {"scope": "all", "query": "view=all&stage=decide"})
    row = BulkDecision.objects.get()
    assert answer["Location"] == reverse("bulk-detail", args=[row.number]) and row.items.count() == 3
    change = {"ruling": "yes", "reason": "达到入围线。", f"single_{cases[1].number}": "no",
              f"reason_{cases[1].number}": CANARY, "out": [cases[2].number]}  # fmt: skip
    desk.post(reverse("bulk-change", args=[row.number]), change)
    page = desk.get(reverse("bulk-detail", args=[row.number]))
    assert "2 件中 2 件会作出决定" in page.content.decode() and CANARY in page.content.decode()
    seen = page.context["confirm_form"].initial["seen"]
    confirm, said = (
        reverse("bulk-confirm", args=[row.number]),
        {"follow": True, "headers": {"Referer": "http://testserver/"}},
    )
    refused = desk.post(confirm, {"seen": seen, "code": "000000"}, **said)
    assert "六位验证码" in refused.content.decode() and BulkDecision.objects.get().state == State.PLANNED
    desk.post(confirm, {"seen": seen, "code": decisions.code()})
    bulk.sweep()
    page = desk.get(reverse("bulk-detail", args=[row.number])).content.decode()
    assert "待发布 2" in page and "发布须由作出决定以外的人完成" in page
    other = decisions.signed_in(second)
    seen = other.get(reverse("bulk-detail", args=[row.number])).context["release_form"].initial["seen"]
    release = reverse("bulk-release", args=[row.number])
    other.post(release, {"seen": seen, "code": decisions.code()})
    bulk.sweep()
    assert set(Application.objects.values_list("status", flat=True)) == {"publicity", "rejected", "in_review"}
    assert "已发布 2" in other.get(reverse("bulk-detail", args=[row.number])).content.decode()


def test_a_code_counts_once_and_the_session_stays_fresh_for_nobody_else(
    cases: list[Application], desk: Client, city_supervisor: User
) -> None:
    row = bulk.propose(cases, is_approved=True, reason="好。", by=city_supervisor)
    confirm = reverse("bulk-confirm", args=[row.number])
    body = {"seen": "0" * 64, "code": decisions.code()}
    assert "办件在您查看计划之后有变化" in desk.post(confirm, body).content.decode()
    assert "每个验证码只能用一次" in desk.post(confirm, body).content.decode()


def test_nothing_shows_before_the_release(
    cases: list[Application], owner: User, city_supervisor: User, second: User, supervisor: User, expert: User,
    auditor: User, frozen: Any,
) -> None:  # fmt: skip
    """What applicants, public, experts and other officials read is byte for byte what it was before the decision."""
    frozen("2026-03-09 10:00")
    desk, case = decisions.signed_in(city_supervisor), cases[0]
    case.assignments.create(user=expert, seat="expert", declared_at=decisions.now(), has_conflict=False)
    for person in (supervisor, auditor):
        person.assignments.create(application=case, seat="officer", declared_at=decisions.now(), has_conflict=False)
    pages = {
        owner: (
            *(f"/applications/{case.number}/{part}/" for part in ("answers", "opinions", "record")),
            "/applications/", f"/api/v1/applications/{case.number}/", "/inbox/",
            f"/organisations/{case.organisation.number}/history/", f"/search/?q={case.number}",
            f"/applications/{case.number}/decision.pdf",
        ),
        supervisor: (
            f"/cases/{case.number}/", f"/cases/{case.number}/?part=record", f"/cases/{case.number}/?part=opinions",
            "/cases/?view=all", f"/api/v1/cases/{case.number}/", "/inbox/", f"/cases/{case.number}/decision.pdf",
        ),
        expert: (f"/reviews/{case.number}/", f"/api/v1/reviews/{case.number}/"),
        auditor: (f"/cases/{case.number}/", f"/call-editor/{case.call.number}/ranking/"),
        None: ("/notices/", "/api/v1/notices/", "/recognitions/"),
    }  # fmt: skip
    watchers = {person: decisions.signed_in(person) if person else Client() for person in pages}

    def told() -> dict[tuple[User | None, str], tuple[int, str]]:
        found = {}
        for person, client in watchers.items():
            for page in pages[person]:
                answer = client.get(page)
                body = "" if answer.streaming else answer.content.decode(errors="replace")
                found[person, page] = (answer.status_code, _plain(body))
        return found

    before = told()
    assert sum(status == 200 for status, _body in before.values()) >= 15
    row = decisions.decided(cases, city_supervisor, reason=CANARY)
    after = told()
    assert not [key for key in before if before[key] != after[key] or CANARY in after[key][1]]
    assert CANARY in desk.get(f"/cases/{case.number}/held/").content.decode()
    for client in watchers.values():
        for page in (f"/cases/{case.number}/held/", *(f"/{of}bulk-decisions/{row.number}/" for of in ("", "api/v1/"))):
            assert client.get(page).status_code in (302, 401, 403, 404)
    decisions.released(row, second)
    out = told()
    assert {person for person, page in before if before[person, page] != out[person, page]} >= {
        owner, supervisor, auditor, None,
    }  # fmt: skip
    assert CANARY in out[owner, f"/applications/{case.number}/opinions/"][1]


def _plain(body: str) -> str:
    """Return a page without what changes with every rendering."""
    changing = ("csrf", "client_key", "nonce")
    return "\n".join(line for line in body.splitlines() if not any(word in line.lower() for word in changing))


def test_api_plans_confirms_and_releases(cases: list[Application], desk: Client, second: User) -> None:
    body = {"cases": [case.number for case in cases], "is_approved": True, "reason": "好。"}
    made = desk.post("/api/v1/bulk-decisions/", body, "application/json").json()
    assert [row["code"] for row in made["files"]] == ["", "", ""] and made["counts"]["planned"] == 3
    url = f"/api/v1/bulk-decisions/{made['number']}/"
    refused = desk.post(f"{url}confirm/", {"seen": made["seen"]}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "second_factor_stale")
    desk.post(f"{url}confirm/", {"seen": made["seen"], "code": decisions.code()}, "application/json")
    bulk.sweep()
    shown = desk.get(url).json()
    assert (shown["state"], shown["counts"]["held"]) == ("held", 3)
    desk.post(f"{url}undo/", {"cases": [cases[0].number]}, "application/json")
    other = decisions.signed_in(second)
    shown = other.get(url).json()
    done = other.post(f"{url}release/", {"seen": shown["seen"], "code": decisions.code()}, "application/json")
    assert done.status_code == 200
    bulk.sweep()
    assert other.get(url).json()["counts"] | {"released": 2, "undone": 1} == other.get(url).json()["counts"]


def test_letter_before_and_after_is_the_same(
    cases: list[Application], desk: Client, city_supervisor: User, owner: User, frozen: Any
) -> None:
    frozen("2026-03-09 10:00")
    desk = decisions.signed_in(city_supervisor)
    ruling = {"ruling": "no", "reason": CANARY}
    case, other = cases[:2]
    page = desk.post(f"/cases/{case.number}/preview/", ruling).content.decode()
    assert CANARY in page and "不予认定决定书" in page and "Decision" in page
    assert not HeldDecision.objects.exists() and Application.objects.get(pk=case.pk).status == "in_review"
    pdfs = {
        name: desk.post(f"/cases/{case.number}/preview/", {**ruling, "pdf": name}).getvalue()
        for name in letters.LANGUAGES
    }
    desk.post(f"/cases/{case.number}/decide/", ruling)
    reader = decisions.signed_in(owner)
    for name, pdf in pdfs.items():
        out = reader.get(f"/applications/{case.number}/decision.pdf", headers={"accept-language": name})
        assert out.getvalue() == pdf, name
    assert desk.post(f"/cases/{other.number}/preview/", {**ruling, "pdf": "fr"}).status_code == 404


def test_countersign_by_pages(call: Call, cases: list[Application], desk: Client, second: User) -> None:
    Call.objects.filter(pk=call.pk).update(needs_countersign=True)
    case = cases[0]
    desk.post(f"/cases/{case.number}/decide/", {"ruling": "yes", "reason": "好。"})
    assert f"/cases/{case.number}/held/" in desk.get(f"/cases/{case.number}/").content.decode()
    case.assignments.create(user=second, seat="officer", declared_at=decisions.now(), has_conflict=False)
    other = decisions.signed_in(second)
    seal = other.get(f"/cases/{case.number}/held/").context["seal_form"].initial["seal"]
    desk.post(f"/cases/{case.number}/revise/", {"ruling": "no", "reason": "改。"})
    late = other.post(f"/cases/{case.number}/countersign/", {"seal": seal})
    assert late.status_code == 409 and "您看到的内容已失效" in late.content.decode()
    seal = holding.seal(holding.present(case))
    assert other.post(f"/cases/{case.number}/countersign/", {"seal": seal}).status_code == 302
    case.refresh_from_db()
    assert case.status == "rejected"


def test_plan_costs_the_same_for_many(
    call: Call, owner: User, city_supervisor: User, desk: Client, django_assert_max_num_queries: Any
) -> None:
    desk.get("/bulk-decisions/")
    for count in (3, 60):
        cases = decisions.ready(call if count == 3 else _another(call), count, owner)
        row = bulk.propose(cases, is_approved=True, reason="好。", by=city_supervisor)
        with django_assert_max_num_queries(36):
            assert desk.get(f"/bulk-decisions/{row.number}/").status_code == 200


def _another(call: Call) -> Call:
    call.pk, call.number = None, "SECOND-1"
    call.save(force_insert=True)
    return call
