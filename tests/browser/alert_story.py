"""A risk alert from a district's proposal to its reach, as the people of six sides meet it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.core import mail

from enterprises.models import Market, Profile
from portal import outbox
from portal.models import Organisation, User
from services.protection import delivering, exposure
from services.protection.models import Alert, AlertDelivery, AlertVersion
from tests.factories import people
from tests.factories.rights import make_right

from .driver import Visitor
from .story import MAIN

TITLE, TITLE_EN = "美国对压力传感器封装技术发起调查（示例）", "US investigation of pressure sensor packages (sample)"
SUMMARY, SUMMARY_EN = "请核对在美产品。", "Check what you sell in the US."
CHANGED, CHANGED_EN = "不再涉及整个行业，只看技术和市场。", "No longer the whole industry: technology and markets only."
SOURCE = "调查公告（示例） | 2026-11-17"
STEPS = "核对在美产品 | Check your products in the US\n保留设计记录 | Keep records of design"
NAMES = {
    "holder": "上海谐振微感科技有限公司",
    "exporter": "上海远航整机有限公司",
    "maker": "上海澄电子元件有限公司",
    "other": "上海青禾园艺有限公司",
}
# Why each of the three is told, as each reads it.
WHY = {
    "zh": {"holder": "G01L 9/*", "exporter": "向美国出口", "maker": "行业 3983"},
    "en": {"holder": "G01L 9/*", "exporter": "exports to", "maker": "3983"},
}


def make_firms() -> dict[str, User]:
    """Return the owners of three enterprises the alert concerns, each for its own reason, and of one it does not."""
    firms = {key: people.make_organisation(name) for key, name in NAMES.items()}
    make_right(firms["holder"], main_ipc="G01L9/12", title="一种谐振式微压力传感器")
    Market.objects.create(organisation=firms["exporter"], role="export", country="US", products="整机")
    Profile.objects.filter(organisation=firms["maker"]).update(industry="C3983")
    make_right(firms["other"], main_ipc="A01G9/24", title="一种育苗装置")
    exposure.everything()
    return {key: people.join(people.make_user(), firm) for key, firm in firms.items()}


class AlertStory:
    """`visit` opens a browser in the way of this run; every step leaves a picture in `shots`."""

    def __init__(self, visit: Callable[..., Visitor], shots: Path) -> None:
        self.visit, self.shots, self.pictures = visit, shots, 0
        self.owners = make_firms()
        self.officer = people.post(people.make_user("顾明之"), "minhang", "officer")
        self.author = people.post(people.make_user("秦望舒"), "city", "publisher")
        self.approver = people.post(people.make_user("陆清和"), "city", "publisher")
        self.here: dict[int, Visitor] = {}

    # --- helpers ------------------------------------------------------------------------------------------------
    def at(self, user: User) -> Visitor:
        """Return somebody's browser."""
        if user.pk not in self.here:
            self.here[user.pk] = self.visit(user)
        return self.here[user.pk]

    def shoot(self, seen: Visitor, name: str) -> None:
        self.pictures += 1
        seen.shoot(self.shots / f"{self.pictures:02d}-{name}.png")

    @property
    def alert(self) -> Alert:
        return Alert.objects.get()

    @property
    def desk(self) -> str:
        return f"/alert-desk/{self.alert.number}/"

    def delivery(self, who: str) -> AlertDelivery:
        return AlertDelivery.objects.get(organisation__name=NAMES[who])

    def reads(self, seen: Visitor, *words: str) -> None:
        """Assert that the page says all of this."""
        page = " ".join((seen.page.locator("#main").text_content() or "").split())
        assert [word for word in words if word not in page] == [], page

    def counts(self, seen: Visitor, firms: int) -> None:
        """Assert how many enterprises the audience beside the editor has."""
        if seen.script:
            seen.page.keyboard.press("Tab")  # leaving a field is what asks anew
            heading = seen.page.locator(
                "#audience-h", has_text=f"{firms} {'家' if seen.language == 'zh' else 'enterprise'}"
            )
            heading.wait_for()
        else:
            seen.send("button[name=recalculate]")
            assert f" {firms} " in seen.text("#audience-h"), seen.text("#audience-h")

    def worked(self) -> None:
        """Do what the worker does: find the enterprises, tell them, send their mail."""
        delivering.sweep()
        outbox.deliver()

    # --- the desk -----------------------------------------------------------------------------------------------
    def propose(self) -> None:
        """A district's officer proposes, sees figures and no enterprise."""
        officer = self.at(self.officer).open("/alert-desk/")
        officer.send("main a[href='/alert-desk/propose/']")
        officer.fill("#id_title", TITLE)
        officer.fill("#id_summary", SUMMARY)
        officer.fill("#id_countries", "US")
        if officer.script:
            officer.page.keyboard.press("Tab")
        assert not any(name in officer.text("#main") for name in NAMES.values())
        self.shoot(officer, "proposal")
        officer.send(MAIN)
        assert self.alert.versions.get().stage == AlertVersion.Stage.PROPOSED, officer.text("#main")

    def draft(self) -> None:
        """The city's publisher adopts it, writes the rest, watches the audience grow, and hands it to review."""
        author = self.at(self.author).open("/alert-desk/")
        author.send(f"main a[href='{self.desk}']")
        author.send("form[action$='/adopt/'] button")
        author.send(f"main a[href='{self.desk}change/']")
        self.counts(author, 1)
        author.fill("#id_title_en", TITLE_EN)
        if author.script:  # saved while one types
            author.page.locator("input[name=lock]:not([value='1'])").wait_for(state="attached")
            assert self.alert.versions.get().title_en == TITLE_EN
        author.fill("#id_summary_en", SUMMARY_EN)
        author.choose("#id_severity", "3")
        author.choose("#id_confirm_days", "3")
        author.fill("#id_sources", SOURCE)
        author.fill("#id_checklist", STEPS)
        author.fill("#id_ipc", "G01L 9/*")
        author.fill("#id_industries", "3983")
        author.tick("#id_join_1")
        self.counts(author, 3)
        self.reads(author, *(NAMES[who] for who in WHY["zh"]))
        self.shoot(author, "editor")
        author.send(MAIN)
        author.open(self.desk)
        assert not author.has("form[action$='/approve/']"), "its author may not publish it"
        author.send("form[action$='/submit/'] button")

    def approve(self, name: str = "review", firms: int = 3) -> None:
        """Another publisher sees the text, whom it reaches and why, and publishes."""
        approver = self.at(self.approver).open("/alert-desk/")
        approver.send(f"main a[href='{self.desk}']")
        assert f" {firms} " in f" {approver.text('#audience-h')} ".replace("，", " "), approver.text("#audience-h")
        sample = approver.text("#audience-sample")
        assert NAMES["holder"] in sample and NAMES["other"] not in sample, sample
        self.shoot(approver, name)
        approver.tick("#approve_seen")
        approver.send("form[action$='/approve/'] button[type=submit]")
        assert self.alert.status == Alert.Status.PUBLISHED, approver.text("#main")
        self.worked()

    # --- the enterprises ----------------------------------------------------------------------------------------
    def arrives(self) -> None:
        """Three find it with three reasons; the fourth has nothing, and what the others have is absent for it."""
        for who, owner in self.owners.items():
            seen = self.at(owner).open("/alerts-for-us/")
            if who == "other":
                assert not seen.has("main a[href^='/alerts-for-us/F'], main table"), seen.text("#main")
                assert seen.open(f"/alerts-for-us/{self.delivery('holder').number}/").status == 404
                seen.faults = [fault for fault in seen.faults if "404" not in fault]
                continue
            seen.send(f"main a[href='/alerts-for-us/{self.delivery(who).number}/']")
            why = seen.text("section[aria-labelledby=why-h]")
            told = {key for key, words in WHY[seen.language].items() if words in why}
            assert told == {who}, f"{who}: {why}"
            self.shoot(seen, who)
        told_by_mail = {person for message in mail.outbox for person in message.to}
        assert told_by_mail >= {self.owners[who].email for who in WHY["zh"]}
        assert self.owners["other"].email not in told_by_mail

    def react(self) -> None:
        """One works the list through, one says why not, one asks its district and is answered."""
        holder = self.at(self.owners["holder"])
        holder.tick("input[name=done][value='0']")
        holder.send("form[action$='/tick/'] button")
        self.open_verb(holder, "finish")
        exporter = self.at(self.owners["exporter"])
        self.open_verb(exporter, "put-aside", why="产品不含压力传感器。")
        maker = self.at(self.owners["maker"])
        self.open_verb(maker, "help", text="怎样找美国律师？")
        officer = self.at(self.officer).open("/alert-calls/")
        officer.send("main a[href^='/alert-calls/']")
        officer.fill("form[action$='/answer/'] textarea", "请看国别资料。")
        self.shoot(officer, "call")
        officer.send("form[action$='/answer/'] button")
        self.reads(maker.open(f"/alerts-for-us/{self.delivery('maker').number}/"), "请看国别资料。")

    def open_verb(self, seen: Visitor, verb: str, **typed: str) -> None:
        form = f"form[action$='/{verb}/']"
        seen.press(f"details:has({form}) > summary")
        for name, words in typed.items():
            seen.fill(f"{form} [name={name}]", words)
        seen.send(f"{form} button[type=submit]")

    # --- a correction, and the figures --------------------------------------------------------------------------
    def correct(self) -> None:
        """The second edition: who had the first learns what changed, whom it concerns no more learns that."""
        author = self.at(self.author).open(self.desk)
        author.send("form[action$='/correct/'] button")
        author.fill("#id_change_note", CHANGED)
        author.fill("#id_change_note_en", CHANGED_EN)
        author.fill("#id_industries", "")
        self.counts(author, 2)
        author.send(MAIN)
        author.open(self.desk)
        author.send("form[action$='/submit/'] button")
        self.approve("correction", firms=2)
        words = {"zh": CHANGED, "en": CHANGED_EN}
        for who in ("holder", "exporter"):
            seen = self.at(self.owners[who]).open(f"/alerts-for-us/{self.delivery(who).number}/")
            self.reads(seen, words[seen.language])
        self.shoot(self.at(self.owners["holder"]), "corrected")
        maker = self.at(self.owners["maker"]).open(f"/alerts-for-us/{self.delivery('maker').number}/")
        self.reads(maker, {"zh": "不再涉及贵企业", "en": "no longer"}[maker.language])
        self.shoot(maker, "left")

    def reach(self) -> None:
        """The publisher sees who read and answered; the public sees the text, and nothing of the audience."""
        author = self.at(self.author).open("/reach/")
        author.send(f"main a[href='/reach/{self.alert.number}/']")
        self.reads(
            author, *({"zh": ("2 / 2 家企业已阅读",), "en": ("2 of 2 enterprises have read it",)}[author.language])
        )
        self.shoot(author, "reach")
        public = self.visit().open("/alerts/")
        public.send(f"main a[href='/alerts/{self.alert.number}/']")
        self.reads(public, {"zh": CHANGED, "en": CHANGED_EN}[public.language])
        page = public.page.content()
        assert not any(name in page for name in NAMES.values())
        self.shoot(public, "public")


def tell(story: AlertStory) -> None:
    """Go through the whole of it."""
    story.propose()
    story.draft()
    story.approve()
    story.arrives()
    story.react()
    story.correct()
    story.reach()
    assert Organisation.objects.count() == len(NAMES)
