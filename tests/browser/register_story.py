"""The register as an enterprise works with it: a list comes in, a notice, dates, money, a forecast, a secret."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.utils import translation

from patents.importing import working
from patents.models import ImportRun, MoneyEntry, Right, Scenario
from portal import formats
from portal.clock import today
from portal.models import Deadline, Organisation
from tests.factories import people

from .driver import Visitor
from .story import LANGUAGES, MAIN

GRANTED, PENDING = "一种谐振式微压力传感器", "一种温度补偿电路"
# A title line before the header as the offices print it, a column nobody knows, and a row that is not right.
LIST = (
    "专利清单（示例）\n"
    "名称,申请号,申请日,授权公告日,法律状态,负责部门\n"
    f"{GRANTED},2020109900010,2020-03-10,2023年5月20日,有效,研发一部\n"
    f"{PENDING},202310990002.9,2023.4.12,,审查中,研发二部\n"
    "没有号码的一件,,2020-03-11,,有效,\n"
)
SECRET = "代号“青瓷”"


class RegisterStory:
    """`visit` opens a browser in the way of this run."""

    def __init__(self, visit: Callable[..., Visitor], folder: Path) -> None:
        self.organisation: Organisation = people.make_organisation("上海澜序传感科技有限公司")
        owner, self.named, self.other = (people.make_user(name) for name in ("林知远", "周若川", "陆书宁"))
        for person, role in ((owner, "owner"), (self.named, "member"), (self.other, "member")):
            people.join(person, self.organisation, role)
        self.visit, self.folder, self.seen = visit, folder, visit(owner)

    # --- helpers ------------------------------------------------------------------------------------------------
    def right(self, title: str) -> Right:
        return Right.objects.get(title=title)

    def date(self, title: str, code: str) -> Deadline:
        rows = Deadline.objects.open().filter(subject_number=self.right(title).number)
        return rows.filter(rule_code__endswith=code).order_by("target_on")[0]

    def reads(self, *words: object) -> None:
        """Assert that the page says all of this, in the language of this run."""
        with translation.override(LANGUAGES[self.seen.language]):
            said = [formats.day(word) if isinstance(word, dt.date) else str(word) for word in words]
        page = " ".join((self.seen.page.locator("#main").text_content() or "").split())
        assert [word for word in said if word not in page] == [], page

    def choose_file(self) -> None:
        path = self.folder / "清单.csv"
        path.write_bytes(LIST.encode("gb18030"))
        self.seen.attach("#id_file", path)

    def worked(self) -> None:
        """Do what the worker does, and look again."""
        working.sweep()
        self.seen.open(f"/rights/imports/{ImportRun.objects.get().number}/")

    # --- steps --------------------------------------------------------------------------------------------------
    def bring_a_list(self) -> None:
        """Upload, say what the columns are, read the verdicts, take the good rows in."""
        seen = self.seen.open("/rights/")
        for address in ("/rights/imports/", "/rights/imports/new/"):
            seen.send(f"main a[href='{address}']")
        self.choose_file()
        seen.send(MAIN)
        self.worked()
        seen.send("main a[href$='/mapping/']")
        seen.press("details.ip-more > summary")
        seen.choose("#id_column_5", "note")
        seen.send(MAIN)
        self.worked()
        self.reads("没有号码的一件")
        assert not Right.objects.exists(), "a dry run changes nothing"
        seen.tick("#id_takes_good_rows")
        seen.send("form[action$='/start/'] button")
        self.worked()
        assert Right.objects.count() == 2
        with seen.page.expect_download() as download:
            seen.press("main a[href$='/bad-rows/']")
        assert "没有号码的一件" in download.value.path().read_text(encoding="utf-8-sig")

    def enter_a_notice(self) -> None:
        """Open the right from the list; the notice opens its date, with arithmetic and law."""
        seen = self.seen.open("/rights/")
        seen.send(f"main a[href='/rights/{self.right(PENDING).number}/']")
        seen.send("main a[href$='/dates/']")
        seen.send("main a[href$='/notices/new/']")
        seen.choose("#id_type", "first_office_action")
        seen.fill("#id_issued_on", (today() - dt.timedelta(days=10)).isoformat())
        seen.choose("#id_delivery", "electronic")
        seen.send(MAIN)
        reply = self.date(PENDING, "first_office_action")
        self.reads(reply.target_on, reply.legal_on)
        seen.send(f"main a[href='/dates/{reply.number}/']")
        self.reads(reply.target_on, reply.legal_on)
        assert seen.page.locator("#main ol li").count() >= 2, "no arithmetic"

    def finish_a_date(self) -> None:
        """Answered: the date is done, and no longer in the list."""
        reply = self.date(PENDING, "first_office_action")
        self.seen.send(f"main a[href='/dates/{reply.number}/meet/']")
        self.seen.send(MAIN)
        reply.refresh_from_db()
        assert reply.met_at, self.seen.text("#main")
        self.seen.open("/dates/")
        assert not self.seen.has(f"main a[href='/dates/{reply.number}/']")

    def read_the_calendar(self) -> None:
        """From the list to the month of the next annuity, and into it."""
        fee, seen = self.date(GRANTED, "annuity"), self.seen
        seen.send("main a[href='/dates/calendar/']")
        seen.send("main a[rel=next]")
        seen.open(f"/dates/calendar/?month={fee.target_on:%Y-%m}")
        seen.send(f"main a[href='/dates/{fee.number}/']")
        self.reads(fee.amount and formats.money(fee.amount), fee.legal_on)

    def pay(self) -> None:
        """A payment is not a receipt: without one the date stays open; with its number it is done."""
        fee, seen, right = self.date(GRANTED, "annuity"), self.seen, self.right(GRANTED)
        seen.send(f"main a[href='/dates/{fee.number}/meet/']")
        seen.send(MAIN)
        assert seen.has(".ip-errsum") and seen.status in (409, 422), seen.text("#main")
        seen.fill("#id_reference", "示例-2026-0001")
        seen.send(MAIN)
        self.reads("示例-2026-0001")
        seen.open(f"/rights/{right.number}/money/")
        seen.choose("#id_stage", "payment")
        seen.choose("#id_code", "agency")
        seen.fill("#id_amount", "500")
        seen.send("#add button[type=submit]")
        entry = MoneyEntry.objects.get(code="agency")
        self.reads(entry.number, formats.money(entry.amount))
        seen.send(f"main a[href$='/money/{entry.number}/reverse/']")
        seen.fill("#id_reason", "金额登记有误")
        seen.send("main form button.btn-stop")
        self.reads("金额登记有误")

    def forecast(self) -> None:
        """What would giving one up save? The scenario changes nothing of the right."""
        seen, right = self.seen.open("/rights/forecast/"), self.right(GRANTED)
        seen.tick(f"input[name=pick][value='{right.number}']")
        seen.choose("#drop-year", str(today().year + 2))
        seen.send("button[name=verb][value=drop]")
        scenario = Scenario.objects.get()
        assert scenario.drops == {right.number: today().year + 2}
        self.reads(scenario.name)
        assert seen.page.locator("#compare-h").count() == 1
        status = right.status
        right.refresh_from_db()
        assert right.status == status

    def keep_a_secret(self) -> None:
        """Named persons see it; everybody else meets a page that is not there."""
        seen = self.seen.open("/rights/")
        seen.send("main a[href='/rights/create/']")
        seen.send("main a[href$='kind=trade_secret']")
        seen.fill("#id_title", SECRET)
        seen.fill("#id_measures", "分级授权，离职交接。")
        seen.tick(f"input[name=readers][value='{self.named.pk}']")
        seen.send(MAIN)
        right = self.right(SECRET)
        assert seen.path == f"/rights/{right.number}/"
        self.reads(SECRET, self.named.name)
        named, other = self.visit(self.named), self.visit(self.other)
        assert SECRET in named.open(f"/rights/{right.number}/").text("h1")
        assert SECRET not in other.open("/rights/").text("#main")
        assert other.open(f"/rights/{right.number}/").status == 404
        other.faults = [fault for fault in other.faults if "404" not in fault]  # the console tells it, too


def tell(story: RegisterStory) -> None:
    """Go through the whole of it."""
    story.bring_a_list()
    story.enter_a_notice()
    story.finish_a_date()
    story.read_the_calendar()
    story.pay()
    story.forecast()
    story.keep_a_secret()
