"""PDF documents: who may read which, what stands in them, and that text never becomes markup."""

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from portal import case_documents, documents, files_inspection, procedures
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.models import Application, AuditEvent, CorrectionItem, Organisation, Recognition, User
from tests.factories import cases, people


class Words(str):
    """The words of a PDF; blanks do not count."""

    def __contains__(self, part: object) -> bool:
        return str.__contains__(self, re.sub(r"\s", "", str(part)))


def text(pdf: bytes) -> Words:
    return Words(re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)))


@pytest.fixture
def submitted(organisation: Organisation, applicant: User) -> Application:
    return cases.submitted(organisation, applicant)


@pytest.fixture
def decided(
    organisation: Organisation, applicant: User, officer: User, supervisor: User, expert: User, second_expert: User,
    city_supervisor: User,
) -> Application:  # fmt: skip
    """Recommended, scored by two experts, to be recognised."""
    application = cases.recommended(organisation, applicant, officer, supervisor)
    return cases.in_publicity(cases.scored(application, [expert, second_expert]), city_supervisor)


def test_receipt_holds_the_submission_and_the_hashes(submitted: Application, viewer: User) -> None:
    name, pdf = case_documents.receipt(submitted, by=viewer)
    words = text(pdf)
    assert name == f"回执-{submitted.number}.pdf"
    for part in (submitted.number, submitted.organisation.name, submitted.organisation.uscc, "0" * 32, "林知远"):
        assert part in words
    assert AuditEvent.objects.get(action="document.read").actor_id == viewer.pk


def test_receipt_before_submission_is_refused(draft: Application, applicant: User) -> None:
    with pytest.raises(RuleBroken, match="提交后"):
        case_documents.receipt(draft, by=applicant)


def test_documents_are_the_same_bytes_each_time(submitted: Application, applicant: User) -> None:
    first, second = (case_documents.receipt(submitted, by=applicant)[1] for _turn in range(2))
    assert first == second


def test_documents_speak_the_readers_language(submitted: Application, applicant: User) -> None:
    with translation.override("en"):
        words = text(case_documents.receipt(submitted, by=applicant)[1])
    assert submitted.call.title_en.replace(" ", "") in words


def test_documents_are_inert_and_tagged(submitted: Application, applicant: User) -> None:
    pdf = case_documents.receipt(submitted, by=applicant)[1]
    files_inspection.inspect(io.BytesIO(pdf), "application/pdf")
    assert PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Lang"] == "zh-CN"


@pytest.mark.parametrize(
    "hostile",
    ['#read("/etc/passwd")', "*粗* _斜_ $x^2$ <label> @ref", '"); #panic("x") //', "\\u{0} `code` = 标题", "#" * 500],
)
def test_text_is_never_markup(hostile: str, submitted: Application, applicant: User) -> None:
    Organisation.objects.filter(pk=submitted.organisation_id).update(name=hostile[:200])
    submitted = Application.objects.get(pk=submitted.pk)
    for made in (case_documents.receipt, case_documents.whole_case):
        words = text(made(submitted, by=applicant)[1])
        assert hostile[:40] in words
        assert "root:" not in words


@pytest.mark.parametrize("rare", ["䶮", "㙦", "𬭎", "囍", "喆", "堃", "Ω", "№"])
def test_rare_characters_of_names_are_in_the_font(rare: str) -> None:
    assert f"上海{rare}公司" in text(table(f"上海{rare}公司"))


def test_characters_outside_the_font_fall_back_visibly() -> None:
    shown = text(table("上海𰻝公司"))
    assert "上海" in shown
    assert "公司" in shown
    assert table("上海𰻝公司") != table("上海公司")


def table(word: str) -> bytes:
    columns = [{"label": "名", "width": 9}]
    data = {"title": word, "as_of": "", "note": "", "columns": columns, "rows": [[word]]}
    return documents.render("table", data, made_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC))


def test_whole_case_of_the_enterprise_names_no_expert(decided: Application, applicant: User, expert: User) -> None:
    words = text(case_documents.whole_case(decided, by=applicant)[1])
    assert "企业版" in words
    assert "理由充分。" in words
    assert "华专家" not in words
    assert "金专家" not in words
    assert "材料齐全。" in words


def test_whole_case_hides_scores_until_the_decision(
    organisation: Organisation, applicant: User, officer: User, supervisor: User, expert: User, second_expert: User
) -> None:
    application = cases.recommended(organisation, applicant, officer, supervisor)
    application = cases.scored(application, [expert, second_expert])
    assert "理由充分。" not in text(case_documents.whole_case(application, by=applicant)[1])


def test_whole_case_of_the_office_names_everybody_and_inner_talk(
    decided: Application, officer: User, applicant: User
) -> None:
    procedures.write_message(decided, "内部：再看一次", is_internal=True, by=officer)
    procedures.write_message(decided, "请留意公示", by=officer)
    official, own = (text(case_documents.whole_case(decided, by=person)[1]) for person in (officer, applicant))
    assert "华专家" in official
    assert "再看一次" in official
    assert "再看一次" not in own
    assert "请留意公示" in own


def test_whole_case_shows_corrections(organisation: Organisation, applicant: User, officer: User) -> None:
    application = cases.in_review(organisation, applicant, officer)
    key = next(iter(procedures.answers_of(application)))
    procedures.return_for_correction(
        application, [procedures.Mark(key, CorrectionItem.Reason.MISSING, "请补充年度。")], by=officer
    )
    assert "请补充年度。" in text(case_documents.whole_case(application, by=applicant)[1])


def test_whole_case_needs_declaration_and_second_factor(
    submitted: Application, officer: User, supervisor: User
) -> None:
    with pytest.raises(Denied, match="声明"):
        case_documents.whole_case(submitted, by=officer)
    procedures.declare(submitted, has_conflict=False, by=officer)
    assert case_documents.whole_case(submitted, by=officer)
    officer.authenticator_set.all().delete()
    officer.__dict__.pop("_has_second_factor", None)
    with pytest.raises(Denied, match="两步验证"):
        case_documents.whole_case(submitted, by=officer)


def test_decision_letter_of_approval_and_before_it(
    decided: Application, applicant: User, submitted: Any = None
) -> None:
    words = text(case_documents.decision_letter(decided, by=applicant)[1])
    assert "拟予认定" in words
    assert "符合条件。" in words
    decided.decided_at = None
    with pytest.raises(RuleBroken, match="还没有决定"):
        case_documents.decision_letter(decided, by=applicant)


def test_decision_letter_of_a_refusal_tells_the_way_to_appeal(
    organisation: Organisation, applicant: User, officer: User, supervisor: User
) -> None:
    application = cases.in_review(organisation, applicant, officer)
    procedures.record_review(application, stage="verify", is_pass=False, reason="缺制度。", by=officer)
    procedures.declare(application, has_conflict=False, by=supervisor)
    procedures.record_review(application, stage="recommend", is_pass=False, reason="制度未建立。", by=supervisor)
    application.refresh_from_db()
    words = text(case_documents.decision_letter(application, by=applicant)[1])
    for part in ("不予认定", "制度未建立。", "提出申诉", "闵行区知识产权局"):
        assert part in words


def test_certificate_has_number_validity_and_public_check(
    decided: Application, applicant: User, stranger: User, frozen: Callable[[str], None], settings: Any
) -> None:
    settings.PUBLIC_URL = "https://ip.example.cn"
    frozen(f"{decided.publicity_until.replace(day=28)} 10:00" if decided.publicity_until else "")
    frozen("2027-02-01 10:00")
    procedures.sweep()
    recognition = Recognition.objects.get(application=decided)
    pdf = case_documents.certificate(recognition, by=applicant)[1]
    words = text(pdf)
    for part in (
        recognition.number,
        decided.organisation.name,
        f"https://ip.example.cn/recognitions/{recognition.number}/",
    ):
        assert part in words
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    with pytest.raises(Denied):
        case_documents.certificate(recognition, by=stranger)
    recognition.status = Recognition.Status.REVOKED
    with pytest.raises(RuleBroken, match="失效"):
        case_documents.certificate(recognition, by=applicant)


def test_addresses_hide_what_is_not_ones_own(submitted: Application, applicant: User, client: Client) -> None:
    stranger = people.make_user()
    paths = [f"/applications/{submitted.number}/{name}.pdf" for name in ("receipt", "case", "decision")]
    client.force_login(stranger)
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    client.force_login(applicant)
    assert [client.get(path).status_code for path in paths] == [200, 200, 409]
    response = client.get(paths[0])
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_render_takes_known_templates_only() -> None:
    with pytest.raises(ValueError, match="no template"):
        documents.render("../../settings", {}, made_at=now())
