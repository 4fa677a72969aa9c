"""Demo data: an invented city at work, in every state a case can have. Never for a live installation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from portal import files, procedures
from portal.clock import now, pretend
from portal.models import (
    Application,
    Call,
    Installation,
    JoinRequest,
    Membership,
    Organisation,
    Recognition,
    StoredFile,
    User,
)

from . import cases
from .cast import FIRMS
from .people import make_experts, make_firm, make_officials, make_person
from .together import decide_together

# How far each enterprise's case has come, in the order of the cast: (call, point reached, begun days ago)
PLOT: list[tuple[str, str, int]] = [
    ("pilot", "returned", 12), ("pilot", "resubmitted", 16), ("pilot", "taken", 9), ("pilot", "submitted", 2),
    ("pilot", "taken", 34), ("pilot", "verified", 14), ("pilot", "recommended", 20), ("pilot", "drawn", 22),
    ("demonstration", "scored", 30), ("pilot", "publicity", 25), ("pilot", "filled", 5), ("pilot", "begun", 3),
    ("pilot", "publicity", 38), ("demonstration", "publicity", 44), ("pilot", "scored", 26), ("pilot", "returned", 24),
    ("pilot", "submitted", 3), ("pilot", "refused", 24), ("pilot", "taken", 11), ("pilot", "withdrawn", 18),
    ("pilot", "verified", 17), ("pilot", "filled", 8), ("pilot", "drawn", 27), ("pilot", "submitted", 1),
    ("pilot", "publicity", 24), ("demonstration", "taken", 10), ("pilot", "appealed", 26), ("pilot", "recommended", 21),
    ("pilot", "taken", 13), ("pilot", "begun", 1), ("pilot", "scored", 29), ("pilot", "submitted", 4),
    ("pilot", "publicity", 27), ("pilot", "resubmitted", 19), ("demonstration", "verified", 19),
    ("pilot", "returned", 10), ("pilot", "taken", 8), ("pilot", "publicity", 40),
]  # fmt: skip
HISTORY_DAYS = 400


@transaction.atomic
def seed(*, say: Callable[[str], Any]) -> dict[str, int]:
    """Make the whole demo in one transaction; return how many of what."""
    Installation.objects.create(pk=1, is_demo=True, created_at=now())
    cases.use_store(store_sample)
    with pretend(now() - dt.timedelta(days=HISTORY_DAYS)):
        officials, experts = make_officials(), make_experts()
        say("办公室与专家 / offices and experts")
        firms = [
            make_firm(number, firm, officials[firm.district, "officer"][0]) for number, firm in enumerate(FIRMS, 1)
        ]
    make_team(firms[0][0])
    calls = make_calls(officials["city", "publisher"][0])
    say("企业与批次 / enterprises and calls")
    for (name, until, ago), (organisation, owner) in zip(PLOT, firms, strict=False):
        play(calls[name], organisation, owner, staff_of(officials, organisation), until, ago)
    play_last_year(calls["last"], firms, officials)
    scored = [
        cases.play(calls["extra"], organisation, owner, staff_of(officials, organisation), "scored", 40)
        for organisation, owner in firms[30:33]
    ]
    decide_together(scored, officials["city", "supervisor"][0], officials["city", "administrator"][0])
    swept = procedures.sweep()
    say(f"办件 / cases · {swept}")
    return {
        "enterprises": len(firms),
        "cases": Application.objects.count(),
        "recognitions": Recognition.objects.count(),
        "experts": len(experts),
        "people": User.objects.count(),
    }


def make_team(organisation: Organisation) -> None:
    """Give the first enterprise colleagues, and somebody who asks to join."""
    for name, role, email in (
        ("周以宁", "manager", "manager"),
        ("陈若虚", "member", "member"),
        ("陆望年", "viewer", "viewer"),
    ):
        user = make_person(name, f"{email}1@demo.example")
        Membership.objects.create(user=user, organisation=organisation, role=role)
    newcomer = make_person("秦朝露", "newcomer@demo.example")
    JoinRequest.objects.create(
        organisation=organisation, user=newcomer, uscc=organisation.uscc, message="我是新来的专利工程师。"
    )


def make_calls(publisher: User) -> dict[str, Call]:
    """Publish the questionnaires and this year's and last year's calls."""
    data = cases.make_questionnaires(publisher)
    year = now().year
    pilot, demonstration = data["municipal_pilot"], data["municipal_demonstration"]
    return {
        "pilot": cases.make_call(
            pilot, publisher, number=f"PILOT-{year}", year=year, opens=60, closes=40,
            title=(
                f"{year}年度上海市企事业专利工作试点单位申报（示例批次）",
                f"Municipal pilot units {year} (sample call)",
            ),
        ),
        "demonstration": cases.make_call(
            demonstration, publisher, number=f"DEMO-{year}", year=year, opens=60, closes=12,
            title=(
                f"{year}年度上海市企事业专利工作示范单位申报（示例批次）",
                f"Municipal demonstration units {year} (sample call)",
            ),
        ),
        "extra": cases.make_call(
            pilot, publisher, number=f"EXTRA-{year}", year=year, opens=60, closes=-2,
            title=(
                f"{year}年度上海市企事业专利工作试点单位补充申报（示例批次）",
                f"Municipal pilot units {year}, supplementary (sample call)",
            ),
        ),
        "last": cases.make_call(
            pilot, publisher, number=f"PILOT-{year - 1}", year=year - 1, opens=390, closes=-300,
            title=(
                f"{year - 1}年度上海市企事业专利工作试点单位申报（示例批次）",
                f"Municipal pilot units {year - 1} (sample call)",
            ),
        ),
    }  # fmt: skip


def staff_of(officials: dict[tuple[str, str], list[User]], organisation: Organisation) -> cases.Staff:
    """Return the officials who work on an enterprise's cases."""
    slug = organisation.district.slug
    return cases.Staff(
        officer=officials[slug, "officer"][0],
        supervisor=officials[slug, "supervisor"][0],
        city_officer=officials["city", "officer"][0],
        city_supervisor=officials["city", "supervisor"][0],
        second_supervisor=officials["city", "supervisor"][1],
    )


def play(call: Call, organisation: Organisation, owner: User, staff: cases.Staff, until: str, ago: int) -> None:
    """Play one case, with the three endings that are not stations of the straight way."""
    if until == "withdrawn":
        application = cases.play(call, organisation, owner, staff, "taken", ago)
        with pretend(now() - dt.timedelta(days=5)):
            procedures.withdraw(application, reason="业务调整，明年再申报。", by=owner)
    elif until in ("refused", "appealed"):
        application = cases.play(call, organisation, owner, staff, "verified", ago)
        with pretend(now() - dt.timedelta(days=4)):
            procedures.declare(application, has_conflict=False, by=staff.supervisor)
            reason = "有效专利与主营产品关联不足，暂不推荐。"
            procedures.record_review(application, stage="recommend", is_pass=False, reason=reason, by=staff.supervisor)
        if until == "appealed":
            with pretend(now() - dt.timedelta(days=2)):
                application.refresh_from_db()
                procedures.appeal(application, "核验时遗漏了两件与主营产品直接相关的发明专利。", by=owner)
    else:
        cases.play(call, organisation, owner, staff, until, ago)


def play_last_year(
    call: Call, firms: list[tuple[Organisation, User]], officials: dict[tuple[str, str], list[User]]
) -> None:
    """Recognise five enterprises under last year's call: the list of pilot units is not empty."""
    for organisation, owner in firms[5:25:4]:
        with pretend(now() - dt.timedelta(days=330)):
            application = cases.play(call, organisation, owner, staff_of(officials, organisation), "publicity", 40)
        with pretend(now() - dt.timedelta(days=300)):
            procedures.conclude_publicity(application)


def store_sample(application: Application, by: User, slot: str, title: str) -> StoredFile:
    """Store a one-page sample PDF through the portal's own door and its own check."""
    stored = files.attach(
        SimpleUploadedFile(f"{title}（示例）.pdf", sample_pdf(), content_type="application/pdf"),
        slot=slot,
        application=application,
        organisation=application.organisation,
        by=by,
    )
    return files.inspect(stored)


def sample_pdf() -> bytes:
    """Return a small valid PDF with one empty page."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


__all__ = ["seed"]
