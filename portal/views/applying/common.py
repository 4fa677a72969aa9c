"""What the applicant's pages share: one's own application, its questionnaire with present answers, its sections."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import procedures, questionnaires
from portal.models import Answer, Application, Organisation, Status, StoredFile
from portal.permissions import Permission, can
from portal.views.base import SignedIn, fetch

CASES = (
    "call__questionnaire",
    "call__district",
    "organisation__district",
    "office_district__office",
    "officer",
    "decided_by",
    "created_by",
)


def own(user: Any) -> Any:
    """Return the applications of the person's enterprises: officials and experts have pages of their own."""
    return Application.objects.filter(organisation__in=user.standing.roles)


@dataclass(frozen=True)
class Part:
    """One section as the task list shows it. `state` is a word of portal.vocabulary "section"."""

    key: str
    number: int
    title: str
    help: str
    state: str
    words: str
    url: str
    is_current: bool = False

    @property
    def label(self) -> str:
        return f"{self.number} {self.title}"


class Paper:
    """An application's questionnaire with its present answers and files, read once per page."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.body: dict[str, Any] = application.call.questionnaire.body

    @cached_property
    def present(self) -> dict[str, Answer]:
        return {answer.key: answer for answer in self.application.answers.select_related("updated_by")}

    @cached_property
    def answers(self) -> dict[str, Any]:
        return {key: answer.value for key, answer in self.present.items()}

    @cached_property
    def documents(self) -> dict[str, StoredFile]:
        return {file.number: file for file in self.application.files.select_related("created_by")}

    def forget(self) -> None:
        """Drop what was read, after somebody saved."""
        for name in ("present", "answers", "documents"):
            self.__dict__.pop(name, None)

    def numbered(self, part: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """Return ("3.1", question) for a section."""
        at = questionnaires.sections(self.body).index(part) + 1
        return [(f"{at}.{n}", question) for n, question in enumerate(part["questions"], start=1)]

    def numbers(self) -> dict[str, str]:
        """Return the number of each question by key, as forms and officials write it."""
        return questionnaires.numbers(self.body)

    def parts(self, current: str = "") -> list[Part]:
        """Return the sections with their states."""
        return [self._part(n, part, current) for n, part in enumerate(questionnaires.sections(self.body), start=1)]

    def with_check(self, parts: list[Part], *, is_current: bool = False) -> list[Part]:
        """Return the sections and, last, the check before submitting: locked until all are done."""
        state = "not_started" if all(part.state == "done" for part in parts) else "locked"
        url = reverse("application-check", args=[self.application.number])
        return [*parts, Part("", len(parts) + 1, _("核对并提交"), "", state, "", url, is_current)]

    def _part(self, number: int, part: dict[str, Any], current: str) -> Part:
        state, words = self._state(part)
        url = reverse("application-section", args=[self.application.number, part["key"]])
        title, help_text = questionnaires.text(part["title"]), questionnaires.text(part.get("help"))
        return Part(part["key"], number, title, help_text, state, words, url, part["key"] == current)

    def _state(self, part: dict[str, Any]) -> tuple[str, str]:
        keys = [question["key"] for question in part["questions"]]
        if refused := self._refused(keys):
            return "errors", ngettext("%(count)s 个文件未通过检查", "%(count)s 个文件未通过检查", refused) % {
                "count": refused
            }
        given = sum(not questionnaires.is_empty(self.answers.get(key)) for key in keys)
        left = len(questionnaires.missing(self.body, self.answers, only=part["key"]))
        if not left:
            return ("done", "") if given or not self._required(part) else ("not_started", "")
        if not given:
            return "not_started", ""
        return "in_progress", _("还差 %(count)s 项") % {"count": left}

    def _refused(self, keys: list[str]) -> int:
        numbers = {n for key in keys if isinstance(self.answers.get(key), list) for n in self.answers[key]}
        return sum(file.status == StoredFile.Status.REFUSED for n, file in self.documents.items() if n in numbers)

    @staticmethod
    def _required(part: dict[str, Any]) -> bool:
        return any(question.get("required") for question in part["questions"])


class OwnCase(SignedIn):
    """A page of one of the person's own applications; anybody else's does not exist."""

    clause = "5"

    @cached_property
    def application(self) -> Application:
        return fetch(own(self.request.user).select_related(*CASES), self.request.user, number=self.kwargs["number"])

    @cached_property
    def paper(self) -> Paper:
        return Paper(self.application)

    @property
    def may_fill(self) -> Any:
        return can(self.request.user, Permission.FILL_APPLICATION, self.application)

    @property
    def may_submit(self) -> Any:
        return can(self.request.user, Permission.SUBMIT_APPLICATION, self.application)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {"application": self.application, "call": self.application.call, **context}


def case_url(application: Application) -> str:
    """Return where an applicant finds a case: its task list while it is a draft, else the case page."""
    name = "application-fill" if application.status == Status.DRAFT else "application"
    return reverse(name, args=[application.number])


def organisations_for(request: HttpRequest, hat: Any) -> list[Organisation]:
    """Return the enterprise of the present hat, else all of the person's enterprises."""
    if hat.organisation:
        return [hat.organisation]
    roles = request.user.standing.roles  # type: ignore[union-attr]
    return list(Organisation.objects.filter(pk__in=roles).select_related("district").order_by("name"))


def obstacles(application: Application, paper: Paper) -> list[dict[str, Any]]:
    """Return what stands in the way of submitting, each with the place to mend it."""
    numbers = paper.numbers()
    found = []
    for problem in procedures.obstacles(application):
        url = ""
        if problem.section:
            page = reverse("application-section", args=[application.number, problem.section])
            url = f"{page}#id_a-{problem.key}_field"
        found.append({"number": numbers.get(problem.key, ""), "text": problem.sentence, "url": url})
    return found
