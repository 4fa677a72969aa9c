"""The whole story as steps that five kinds of people take: from a credit code to a certificate."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.utils import translation

from portal import account_mail, files, formats, outbox, procedures, questionnaires
from portal.clock import now
from portal.models import Application, Call, District, Organisation, RegistryRecord, User
from tests.factories import cases, documents, people

from .driver import Visitor

NAME, ADDRESS, SINCE = "上海澜序传感科技有限公司", "上海市闵行区示例路 88 号", dt.date(2018, 4, 19)
EMAIL, PASSWORD = "founder@lanxu.example", "a lamp on the quiet river"
MAIN = "main form button.btn-primary[type=submit]"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
OFFICIALS = (
    ("officer", "minhang", "officer"),
    ("supervisor", "minhang", "supervisor"),
    ("city_officer", "city", "officer"),
    ("city_supervisor", "city", "supervisor"),
)


def make_city() -> dict[str, User]:
    """Return the officials and experts; the registry knows the enterprise, the portal does not yet."""
    staff = {name: people.post(people.make_user(), office, role) for name, office, role in OFFICIALS}
    code = people.make_uscc()
    RegistryRecord.objects.create(
        uscc=code, name=NAME, name_key=NAME, registered_on=SINCE, division_code="310112", address=ADDRESS,
        district=District.objects.get(slug="minhang"), source="test", loaded_at=now(), row_hash="0",
    )  # fmt: skip
    return {**staff, "expert": people.make_expert(), "second_expert": people.make_expert()}


class Story:
    """`visit` opens a browser in the way of this run; `later` moves the portal's clock."""

    def __init__(self, visit: Callable[..., Visitor], later: Callable[..., None], folder: Path) -> None:
        self.visit, self.later, self.folder = visit, later, folder
        self.staff = make_city()
        self.call: Call = cases.make_call(publicity_days=5)
        self.code = RegistryRecord.objects.get().uscc
        self.here: dict[str, Visitor] = {}
        self.company = visit()
        self.application: Application
        self.looked = 0

    # --- helpers ------------------------------------------------------------------------------------------------
    def at(self, name: str) -> Visitor:
        """Return the browser of an official or expert."""
        if name not in self.here:
            self.here[name] = self.visit(self.staff[name])
        return self.here[name]

    @property
    def number(self) -> str:
        return self.application.number

    def case(self, name: str) -> Visitor:
        return self.at(name).open(f"/cases/{self.number}/")

    def paper(self, title: str) -> Path:
        path = self.folder / f"{title}.pdf"
        path.write_bytes(documents.pdf())
        return path

    def inspected(self) -> None:
        """Do what the worker does with what lies in quarantine."""
        files.sweep_inspections()

    def says(self, seen: Visitor, who: object, until: dt.date | None) -> None:
        """Assert that the page says who must act, by when and why."""
        with translation.override(LANGUAGES[seen.language]):
            words, day = str(who), formats.day(until) if until else ""
        box = seen.page.locator(".ip-case").first
        assert words in box.locator(".ip-next").inner_text(), box.inner_text()
        if until:
            body = " ".join(box.inner_text().split())
            assert day.replace(" ", "") in (box.text_content() or "").replace(" ", ""), f"{day} is not in {body}"
            assert box.locator("details .ip-sum tr").count() >= 2, "no arithmetic"
        self.looked += 1

    def company_reads(self, who: object, until: dt.date | None) -> None:
        self.application.refresh_from_db()
        self.says(self.company.open(f"/applications/{self.number}/"), who, until)

    @property
    def district_office(self) -> object:
        return self.application.office_district.office

    # --- the enterprise comes in --------------------------------------------------------------------------------
    def register(self) -> None:
        """The code as people paste it, what the registry knows, the person, the link in the mail."""
        page = self.company.open("/register/").page
        spaced = " ".join(self.code[n : n + 4].lower() for n in range(0, 18, 4))
        self.company.fill("#id_uscc", spaced)
        if self.company.script:
            page.locator("#id_uscc_out.ip-ok").wait_for()
            page.keyboard.press("Tab")
            page.locator("#facts .ip-ok").wait_for()
        else:
            self.company.send("button[name=lookup]")
        assert page.locator("#id_name").input_value() == NAME
        assert page.locator("#id_registered_on").input_value() == SINCE.isoformat()
        assert page.locator("#id_district").input_value() == "310112"
        self.company.send(MAIN)
        typed = {"name": "林知远", "phone": "021-00000000", "email": EMAIL}
        typed |= {"password1": PASSWORD, "password2": PASSWORD}
        for name, words in typed.items():
            self.company.fill(f"#id_{name}", words)
        self.company.send(MAIN)
        assert account_mail.deliver() > 0
        link = re.search(r"http\S+/confirm-email/\S+", mail.outbox[-1].body)
        assert link, mail.outbox[-1].body
        self.company.open(link.group())
        self.company.send("main form button[type=submit]")
        assert self.company.path.endswith("/verification/"), self.company.path

    def be_verified(self) -> None:
        """The licence goes up; the district's officer signs in with both factors and verifies."""
        self.company.attach("#id_licence", self.paper("营业执照"))
        self.company.send("main form button.btn-primary")
        organisation = Organisation.objects.get(uscc=self.code)
        verification = organisation.verifications.get()
        with translation.override(LANGUAGES[self.company.language]):
            due, place = formats.day(verification.due_on), str(organisation.district)
        words = self.company.text("#main")
        assert due in words and place in words, words
        self.inspected()
        officer = self.sign_in("officer").open("/verifications/")
        officer.send(f"a[href='/verifications/{verification.number}/']")
        officer.send("form[action$='/verify/'] button")
        organisation.refresh_from_db()
        assert organisation.is_verified

    def sign_in(self, name: str) -> Visitor:
        """Sign in through the form, with the code of the authenticator."""
        user = self.staff[name]
        seen = self.here[name] = self.visit()
        seen.open("/accounts/login/")
        seen.fill("input[name=login]", user.email)
        seen.fill("input[name=password]", "correct horse battery")
        seen.send("main form[action='/accounts/login/'] button[type=submit]")
        code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", int(time.time()) // 30))
        seen.fill("input[name=code]", code)
        seen.send("main form button.btn-primary[type=submit]")
        assert seen.path.endswith("/home/"), seen.path
        return seen

    # --- the application ----------------------------------------------------------------------------------------
    def fill(self) -> None:
        """Open the call, and answer section after section, files included."""
        company = self.company.open("/calls/")
        company.send(f"a[href='/calls/{self.call.number}/']")
        company.send("form[action$='/apply/'] button")
        self.application = Application.objects.get()
        for part in questionnaires.sections(self.call.questionnaire.body):
            company.send(f"a[href$='/sections/{part['key']}/']")
            for question in part["questions"]:
                self._answer(question)
            company.send("button[name=leave]")
            self.inspected()
            assert company.path.endswith("/fill/"), company.text("#main")

    def _answer(self, question: dict[str, Any]) -> None:
        company, name, kind = self.company, f"[name='a-{question['key']}']", question["type"]
        if question.get("show_if") and not company.page.locator(name).first.is_visible():
            return
        if kind == "file":
            company.attach(name, self.paper(question["key"]))
        elif kind in ("yesno", "choice"):
            value = "yes" if kind == "yesno" else question["options"][0]["value"]
            company.tick(f"{name}[value='{value}']")
        elif kind == "multichoice":
            for option in question["options"][:2]:
                company.tick(f"{name}[value='{option['value']}']")
        elif not company.page.locator(name).first.input_value():
            company.fill(
                name, {"integer": "12", "decimal": "860", "money": "1200", "date": "2018-04-19"}.get(kind, "示例文字。")
            )

    def submit(self) -> None:
        """Check, promise, hand in; the confirmation says what comes next and when."""
        company = self.company
        company.send(f"a[href='/applications/{self.number}/check/']")
        company.tick("#id_is_true")
        company.send(MAIN)
        assert company.path.endswith("/submitted/"), company.text("#main")
        self.application.refresh_from_db()
        with translation.override(LANGUAGES[company.language]):
            due = formats.day(self.application.due_on)
        words = company.text("#main")
        assert self.number in words and due in words, words
        self.company_reads(self.district_office, self.application.due_on)

    def declare(self, name: str, place: str = "cases") -> Visitor:
        """Behind the gate there is nothing to see before one has declared."""
        seen = self.at(name).open(f"/{place}/{self.number}/")
        assert "示例文字。" not in seen.page.content()
        seen.tick("input[name=has_conflict][value=no]")
        seen.send("form[action$='/declare/'] button.btn-primary")
        return seen

    def ask_for_correction(self) -> None:
        """The officer finds the case in the queue, takes it and marks two answers."""
        officer = self.at("officer").open("/cases/")
        officer.send(f"a[href^='/cases/{self.number}/']")
        self.declare("officer")
        officer.send("form[action$='/take/'] button")
        officer.send("a[href$='/return/']")
        for key, reason, note in (
            ("ip_staff", "mismatch", "与社保登记不一致，请核对。"),
            ("plan", "unclear", "请写明年度目标。"),
        ):
            officer.tick(f"#id_mark_{key}")
            if not officer.page.locator(f"#id_reason_{key}").is_visible():
                officer.press(f"details:has(#id_reason_{key}) > summary")
            officer.choose(f"#id_reason_{key}", reason)
            officer.fill(f"#id_note_{key}", note)
        officer.send(MAIN)
        self.application.refresh_from_db()
        assert self.application.status == "returned", officer.text("#main")
        ours = {"zh": "贵企业", "en": "your"}[self.company.language]
        self.company_reads(ours, self.application.applicant_due_on)

    def correct(self) -> None:
        """Only the two marked answers are open; saved first, then sent."""
        company = self.company
        assert company.page.locator("main [name^='a-']:not([type=hidden])").count() == 2
        company.fill("[name='a-ip_staff']", "14")
        company.fill("[name='a-plan']", "两年内新增发明专利五件。")
        company.fill("#reply-plan", "已按年度写明。")
        company.send("form[data-questions] .ip-row button.btn-plain[type=submit]")
        company.send("button[name=resubmit]")
        self.company_reads(self.district_office, self.application.due_on)

    # --- the office ---------------------------------------------------------------------------------------------
    def verify_and_recommend(self) -> None:
        """What was corrected is judged one by one; then the opinion, and the supervisor's signature."""
        officer = self.case("officer")
        for _item in range(2):
            officer.send("form[action*='/judge/'] button[value=solved]")
        self.rule(officer, "verify", "材料齐全。")
        supervisor = self.declare("supervisor")
        self.rule(supervisor, "recommend", "同意推荐。")
        self.application.refresh_from_db()
        assert self.application.stage == "score", supervisor.text("#main")
        self.company_reads({"zh": "市知识产权局", "en": "Shanghai"}[self.company.language], self.application.due_on)

    def rule(self, seen: Visitor, verb: str, reason: str) -> None:
        form = f"form[action$='/{verb}/']"
        seen.tick(f"{form} input[name=ruling][value=yes]")
        if seen.has(f"{form} [name=explanation]"):
            seen.fill(f"{form} [name=explanation]", "登记数据为上年数。")
        seen.fill(f"{form} [name=reason]", reason)
        seen.send(f"{form} button[type=submit]")

    def score(self) -> None:
        """The city draws two experts; each declares and scores without seeing the other."""
        city = self.declare("city_officer")
        self.says(city, "", self.application.due_on)
        city.send("form[action$='/draw/'] button")
        for name in ("expert", "second_expert"):
            expert = self.at(name).open("/reviews/")
            expert.send(f"a[href='/reviews/{self.number}/']")
            self.declare(name, "reviews")
            for row in self.call.criteria:
                expert.fill(f"[name='c_{row['key']}']", str(row["max"] * 0.8))
            expert.fill("main form[action$='/score/'] [name=reason]", "理由充分。")
            expert.send("form[action$='/score/'] button[type=submit]")
        self.application.refresh_from_db()
        assert self.application.stage == "decide"

    def decide(self) -> None:
        """The city's supervisor decides; the public may read and object."""
        self.rule(self.declare("city_supervisor"), "decide", "综合评分达到要求。")
        self.application.refresh_from_db()
        assert self.application.status == "publicity"
        self.company_reads("", None)
        public = self.visit().open("/notices/")
        public.send(f"a[href='/notices/{self.number}/']")
        public.fill("#id_name", "某同行")
        public.fill("#id_contact", "021-11111111")
        public.fill("#id_text", "数据不实。")
        public.send("form[action$='/object/'] button[type=submit]")
        assert self.application.objections.count() == 1
        city = self.case("city_officer")
        city.tick("form[action*='/objections/'] input[value=no]")
        city.fill("form[action*='/objections/'] [name=reason]", "查无实据。")
        city.send("form[action*='/objections/'] button[type=submit]")
        assert self.application.objections.get().is_upheld is False

    def recognise(self) -> None:
        """Publicity runs out, the sweep concludes; the certificate can be taken home and checked by anybody."""
        assert procedures.sweep()["concluded"] == 0
        self.later(days=10)
        assert procedures.sweep()["concluded"] == 1
        self.company_reads({"zh": "已认定", "en": "ecognised"}[self.company.language], None)
        recognition = self.application.recognition
        with self.company.page.expect_download() as download:
            self.company.press("a[href$='/certificate.pdf']")
        assert download.value.path().read_bytes().startswith(b"%PDF-")
        assert recognition.number in self.visit().open(f"/recognitions/{recognition.number}/").text("#main")
        assert outbox.deliver() > 0
        assert EMAIL in {person for message in mail.outbox for person in message.to}


def tell(story: Story) -> None:
    """Go through the whole of it."""
    story.register()
    story.be_verified()
    story.fill()
    story.submit()
    story.ask_for_correction()
    story.correct()
    story.verify_and_recommend()
    story.score()
    story.decide()
    story.recognise()
