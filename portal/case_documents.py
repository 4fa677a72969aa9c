"""The documents of a case: receipt, the whole case, decision letter, certificate. Each returns (file name, PDF).

The caller has found the object by `visible_to`; every function checks who and when once more and leaves an audit row.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from portal import audit, documents, files, letters, questionnaires
from portal.clock import now
from portal.errors import Denied, RuleBroken
from portal.formats import file_size, moment
from portal.models import (
    Application,
    CasePaper,
    CorrectionItem,
    Recognition,
    Review,
    Stage,
    Status,
    StoredFile,
    User,
    standing_of,
)
from portal.permissions import ROLES, Permission, check, has_second_factor, roles_of
from portal.procedures import EVENT, Side, Verb, answers_of, conflict_gate, visible_sheets

Document = tuple[str, bytes]
Rows = list[list[str]]


@transaction.atomic
def _made(
    kind: str, subject: Any, template: str, data: dict[str, Any], *, by: User, made_at: dt.datetime, name: str
) -> Document:
    audit.record(("document", f"{kind}:{subject.number}"), "document.read", by=by,
                 data={"kind": kind, "number": subject.number}, organisation_id=subject.organisation_id)  # fmt: skip
    return f"{name}-{subject.number}.pdf", documents.render(template, data, made_at=made_at)


def _facts(application: Application) -> Rows:
    organisation = application.organisation
    return [
        [_("企业"), organisation.name],
        [_("统一社会信用代码"), organisation.uscc],
        [_("批次"), application.call.title],
        [_("受理单位"), _("%(district)s知识产权局") % {"district": application.office_district}],
        [_("提交时间"), f"{moment(application.submitted_at)} · {application.submitted_by or '—'}"],
    ]


def _file_rows(rows: list[StoredFile], labels: dict[str, str]) -> Rows:
    return [
        [
            f"{f.name}\n{labels.get(f.slot, f.slot)}",
            _("第 %(n)s 版") % {"n": f.version},
            file_size(f.size),
            _cut(f.sha256),
        ]
        for f in rows
    ]


def _cut(digest: str) -> str:
    """Break a long hash where a reader can follow it."""
    return "\n".join(" ".join(digest[n : n + 8] for n in range(start, start + 32, 8)) for start in (0, 32))


def _labels(application: Application) -> dict[str, str]:
    body = application.call.questionnaire.body
    return {
        question["key"]: questionnaires.text(question["label"]) for _part, question in questionnaires.questions(body)
    }


def _file_heads() -> list[str]:
    return [_("文件"), _("版本"), _("大小"), "SHA-256"]


def _submitted_files(application: Application) -> list[StoredFile]:
    """The file versions of the last submission, in the order of the form."""
    last = application.submissions.order_by("-sequence").first()
    rows = StoredFile.objects.filter(application=application, number__in=(last.files if last else {}))
    order = list(_labels(application))
    return sorted(rows, key=lambda f: (order.index(f.slot) if f.slot in order else len(order), f.created_at, f.pk))


def receipt(application: Application, *, by: User) -> Document:
    """The applicant's receipt of the last submission. Raises Denied, RuleBroken before submission."""
    check(by, Permission.VIEW_ORGANISATION, application)
    if application.submitted_at is None:
        raise RuleBroken(_("提交后才有回执。"), code="not_submitted")
    last = application.submissions.latest("sequence")
    data = {
        "title": _("办件受理回执"),
        "number": application.number,
        "foot": letters.foot(application.number, last.at),
        "kicker": application.number,
        "lede": _("我们已收到贵企业提交的材料。请保存本回执。"),
        "facts": [
            *_facts(application),
            [
                _("本次提交"),
                _("第 %(n)s 次，%(when)s，%(who)s") % {"n": last.sequence, "when": moment(last.at), "who": last.by},
            ],
            [_("回答"), _("%(n)s 项") % {"n": len(last.answers)}],
        ],
        "files_title": _("附件"),
        "files_heads": _file_heads(),
        "files": _file_rows(_submitted_files(application), _labels(application)),
        "no_files": _("没有附件。"),
        "next_title": _("接下来"),
        "next": _(
            "受理单位在法定工作日内核验。需要补正时会通知您；您办理补正期间，审核时限暂停。进度随时可在办件页查看。"
        ),
        "proof_title": _("如何核对"),
        "proof": _("SHA-256 是文件内容的指纹：内容改动一个字节，指纹就不同。平台保存了提交时的全部回答和文件版本。"),
    }
    return _made("receipt", application, "receipt", data, by=by, made_at=last.at, name=_("回执"))


# --- the whole case ---------------------------------------------------------------------------------------------
def whole_case(application: Application, *, by: User) -> Document:
    """The case as its reader may see it: members of the enterprise, or officials behind gate and second factor."""
    side = Side.APPLICANT if application.organisation_id in standing_of(by).roles else Side.OFFICE
    _require_reader(application, side, by)
    made_at = now()
    data = {
        "title": _("办件 %(number)s") % {"number": application.number},
        "number": application.number,
        "foot": letters.foot(application.number, made_at),
        "kicker": _("企业版") if side == Side.APPLICANT else _("审核版 · 内部使用"),
        "lede": f"{application.organisation.name}\n{Status(application.status).label}",
        "facts": [*_facts(application), *_decision_rows(application)],
        "sections": _answers(application),
        "files_title": _("附件"),
        "files_heads": _file_heads(),
        "files": _file_rows(list(files.newest(application)), _labels(application)),
        "no_files": _("没有附件。"),
        "reviews_title": _("审核意见"),
        "reviews": _reviews(application, side, by),
        "no_reviews": _("还没有审核意见。"),
        "corrections_title": _("补正"),
        "corrections": _corrections(application),
        "messages_title": _("留言"),
        "messages": _messages(application, side),
        "timeline_title": _("办理经过"),
        "timeline_heads": [_("时间"), _("人员"), _("事项")],
        "timeline": _timeline(application, side),
    }
    return _made("case", application, "case", data, by=by, made_at=made_at, name=_("办件"))


def _require_reader(application: Application, side: str, by: User) -> None:
    if side == Side.APPLICANT:
        check(by, Permission.VIEW_ORGANISATION, application)
        return
    check(by, Permission.VIEW_CASE, application)
    # An expert sees answers at the desk of reviews; opinions, talk and the office's notes are not for experts.
    if not any(Permission.VIEW_CASE in ROLES[role] for role in roles_of(by, application) - {"expert"}):
        raise Denied(Permission.VIEW_CASE.value)
    gate = conflict_gate(by, application)
    if not gate:
        raise Denied(gate.why, code="undeclared")
    if not has_second_factor(by):
        raise Denied(_("您还没有设置两步验证。请先在“账户 → 安全”中设置，再导出。"), code="second_factor_needed")


def _decision_rows(application: Application) -> Rows:
    if application.decided_at is None:
        return []
    return [
        [_("决定"), f"{Status(application.status).label} · {moment(application.decided_at)}"],
        [_("理由"), application.decision_reason],
    ]


def _answers(application: Application) -> list[dict[str, Any]]:
    body, answers = application.call.questionnaire.body, answers_of(application)
    names = dict(StoredFile.objects.filter(application=application).values_list("number", "name"))
    parts = []
    for part in questionnaires.sections(body):
        rows = [
            [questionnaires.text(question["label"]), _answer(question, answers.get(question["key"]), names)]
            for question in part.get("questions", [])
            if questionnaires.is_shown(question, answers)
        ]
        parts.append({"title": questionnaires.text(part["title"]), "rows": rows})
    return [part for part in parts if part["rows"]]


def _answer(question: dict[str, Any], value: Any, names: dict[str, str]) -> str:
    if question["type"] == "file":
        return "\n".join(names.get(number, number) for number in value or []) or "—"
    return questionnaires.display(question, value)


def _reviews(application: Application, side: str, by: User) -> list[dict[str, Any]]:
    """Applicants read scores after the decision and never who gave them; officials what `visible_sheets` shows."""
    rows = list(application.reviews.select_related("reviewer").order_by("stage_round", "at", "pk"))
    sheets = {sheet.pk for sheet in visible_sheets(by, application)} if side == Side.OFFICE else set()
    shown, expert = [], 0
    for review in rows:
        is_score = review.stage == Stage.SCORE
        expert += is_score
        hidden = application.decided_at is None if side == Side.APPLICANT else review.pk not in sheets
        if is_score and hidden:
            continue
        is_nameless = is_score and side == Side.APPLICANT
        who = _("专家 %(number)s") % {"number": expert} if is_nameless else review.reviewer.name
        shown.append(_review(application, review, who))
    return shown


def _review(application: Application, review: Review, who: str) -> dict[str, Any]:
    verdict = Review.Verdict(review.verdict).label
    total = _("%(total)s 分") % {"total": review.total} if review.total is not None else ""
    scores = [
        [questionnaires.text(row["label"]), f"{review.scores[row['key']]} / {row['max']}"]
        for row in application.call.criteria
        if row["key"] in review.scores
    ]
    head = " · ".join(str(word) for word in (Stage(review.stage).label, verdict, total) if word)
    return {"head": head, "text": review.reason, "who": f"{who} · {moment(review.at)}", "scores": scores}


def _corrections(application: Application) -> list[dict[str, Any]]:
    labels = _labels(application)
    rows = application.corrections.prefetch_related(Prefetch("items", CorrectionItem.objects.order_by("pk")))
    shown = []
    for request in rows:
        for item in request.items.all():
            shown.append(
                {
                    "head": _("第 %(n)s 次：%(label)s")
                    % {"n": request.sequence, "label": labels.get(item.key, item.key)},
                    "rows": [
                        [_("原因"), f"{item.get_reason_display()}\n{item.note}"],
                        [_("企业答复"), item.reply or "—"],
                        [_("判断"), str(item.get_verdict_display())],
                    ],
                }
            )
    return shown


def _messages(application: Application, side: str) -> Rows:
    rows = application.messages.select_related("by")
    rows = rows.filter(is_internal=False) if side == Side.APPLICANT else rows
    mark = {True: _("（内部）"), False: ""}
    return [[f"{row.by}{mark[row.is_internal]}\n{moment(row.at)}", row.text] for row in rows]


def _timeline(application: Application, side: str) -> Rows:
    events = application.events.order_by("at", "id")
    events = events.filter(is_internal=False) if side == Side.APPLICANT else events
    rows = [[moment(application.created_at), application.created_by.name, _("开始填报")]]
    for event in events:
        is_nameless = side == Side.APPLICANT and event.verb == Verb.REVIEW and event.stage == Stage.SCORE
        who = _("专家") if is_nameless else event.by_name or _("系统")
        label = str(EVENT[Verb(event.verb)].label)
        rows.append([moment(event.at), who, f"{label}\n{event.note}" if event.note else label])
    return rows


# --- the outcome --------------------------------------------------------------------------------------------------
def decision_letter(application: Application, *, by: User) -> Document:
    """The decision with its reasons and, where refused, the way to appeal."""
    if application.organisation_id in standing_of(by).roles:
        check(by, Permission.VIEW_ORGANISATION, application)
    else:
        _require_reader(application, Side.OFFICE, by)
    if application.decided_at is None:
        raise RuleBroken(_("还没有决定。"), code="not_decided")
    paper = letters.kept(application, CasePaper.Kind.LETTER)
    data = paper.data if paper else letters.letter(application, letters.ruling_of(application))
    made_at = paper.dated_at if paper else application.decided_at
    return _made("letter", application, "letter", data, by=by, made_at=made_at, name=_("决定书"))


def certificate(recognition: Recognition, *, by: User) -> Document:
    """The certificate of a recognition, for members of the enterprise and officials."""
    is_member = recognition.organisation_id in standing_of(by).roles
    check(by, Permission.VIEW_ORGANISATION if is_member else Permission.VIEW_CASE, recognition.application)
    if recognition.status not in (Recognition.Status.VALID, Recognition.Status.ACCEPTED):
        raise RuleBroken(_("这项认定已失效，不能再下载证书。"), code="not_valid")
    data, made_at = letters.certificate(recognition), letters.certificate_moment(recognition)
    return _made("certificate", recognition, "certificate", data, by=by, made_at=made_at, name=_("证书"))
