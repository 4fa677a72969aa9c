"""The invented city of `make run` as the tests' world, committed so that the server's threads see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TransactionTestCase
from django.urls import URLResolver

from enterprises.demo import seed
from patents.importing import runs, working
from portal import counting
from portal import demo as portal_demo
from portal.models import Application, User
from services.protection import loading
from tests.emptying import empty_tables


@dataclass
class Demo:
    """Roles by name, with the person who plays them."""

    people: dict[str, User] = field(default_factory=dict)

    def starts(self, role: str) -> list[str]:
        """Return where a role begins: the public front page, and one's own home."""
        return ["/", "/home/"] if role in self.people else ["/"]

    def owner_in(self, **state: Any) -> User:
        """Return the owner of an enterprise whose case is in this state."""
        row = Application.objects.filter(**state).order_by("pk").first()
        assert row is not None, f"no case in state {state}"
        return row.created_by


@contextmanager
def demo() -> Iterator[Demo]:
    """Seed, name the roles, and empty the tables afterwards."""
    assert connection.settings_dict["NAME"].startswith("test_"), "never on a real database"
    loading.load()  # what ships with the rules; a module before may have emptied its tables
    for step in (lambda say: seed(say=say), *portal_demo.steps()):
        step(lambda _line: None)
    counting.run()
    made = Demo()

    def who(email: str) -> User:
        return User.objects.get(email=email)

    officials = {
        name: User.objects.filter(postings__office__slug=slug, postings__role=role).order_by("pk").first()
        for name, slug, role in (
            ("officer", "minhang", "officer"),
            ("supervisor", "minhang", "supervisor"),
            ("city_officer", "city", "officer"),
            ("city_supervisor", "city", "supervisor"),
            ("publisher", "city", "publisher"),
            ("administrator", "city", "administrator"),
            ("auditor", "city", "auditor"),
        )
    }
    _import(who("firm1@demo.example"))
    made.people = {
        "owner": who("firm1@demo.example"),
        "member": who("member1@demo.example"),
        "viewer": who("viewer1@demo.example"),
        "newcomer": who("newcomer@demo.example"),
        **officials,
        "expert": who("expert1@demo.example"),
        "drafter": made.owner_in(status="draft", answers__key="plan"),
        "refused": made.owner_in(status="rejected", appeals=None),
        "recognised": made.owner_in(status="approved"),
    }
    try:
        yield made
    finally:
        empty_tables(TransactionTestCase())


LIST = "名称,申请号,申请日\n一种测温装置,2020109900017,2020-03-10\n没有号码的一件,,2020-03-11\n"


def _import(owner: User) -> None:
    """Bring a list as far as the person's confirmation, with one row that is not right."""
    organisation = owner.memberships.get(ended_at=None).organisation
    run = runs.upload(SimpleUploadedFile("清单（示例）.csv", LIST.encode()), organisation=organisation, by=owner)
    working.sweep()
    run.refresh_from_db()
    columns = {int(place): field for place, field in runs.suggestion(run)["columns"].items()}
    runs.set_mapping(run, columns=columns, kind="", by=owner)
    working.sweep()


def routes_with_pages(resolver: Any, space: str = "") -> set[str]:
    """Return the names of the routes that answer GET with a page: not the API, not the emergency admin, no PDF."""
    names: set[str] = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace not in ("api", "admin"):
                names |= routes_with_pages(entry, space)
            continue
        view = getattr(entry.callback, "view_class", None)
        answers = view is None or hasattr(view, "get")
        if entry.name and answers and "get" in getattr(view, "http_method_names", ["get"]):
            names.add(entry.name)
    return names


__all__ = ["Demo", "demo", "routes_with_pages"]
