"""The first reports: the office's queue, its enterprises, the recognitions, an enterprise's own applications."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import kinds, reports
from portal.clock import now
from portal.errors import Denied
from portal.models import Application, District, Organisation, Recognition, Stage, Status, User, standing_of
from portal.models.procedures import ApplicationQuerySet
from portal.permissions import Permission, check, has_second_factor
from portal.report_files import Column, Table

CHUNK = 2_000


def official(user: User) -> None:
    """Raise Denied for everybody but officials with a second factor: who may take figures out of the portal."""
    check(user, Permission.VIEW_FIGURES)
    _second_factor(user)


def _second_factor(user: User) -> None:
    if standing_of(user).is_official and not has_second_factor(user):
        sentence = gettext_lazy("您还没有设置两步验证。请先在“账户 → 安全”中设置，再导出。")
        raise Denied(sentence, code="second_factor_needed")


def _member(user: User) -> None:
    if not standing_of(user).roles:
        raise Denied(gettext_lazy("您还不是任何企业的成员。"))


def _anybody(user: User) -> None:
    _second_factor(user)


def _office_cases(user: User) -> ApplicationQuerySet:
    """The cases of one's offices, not those of one's own enterprise."""
    standing = standing_of(user)
    rows = Application.objects.visible_to(user).exclude(status=Status.DRAFT)
    return rows if standing.is_city else rows.filter(office_district__in=standing.districts)


def _names() -> dict[str, str]:
    return {district.code: str(district) for district in District.objects.all()}


def case_queue(user: User, parameters: dict[str, Any]) -> Table:
    """Cases of the office by their clock; parameter `status` limits to one status."""
    status = parameters.get("status")
    rows = _office_cases(user).filter(**({"status": status} if status in Status.values else {}))
    names = _names()
    values = rows.order_by(F("due_on").asc(nulls_last=True), "id").values_list(
        "number", "organisation__name", "organisation__uscc", "kind", "call__title_zh", "office_district", "status",
        "stage", "officer__name", "submitted_at", "due_on", "applicant_due_on", "decided_at",
    )  # fmt: skip
    labels, stages = dict(Status.choices), dict(Stage.choices)

    def shown() -> Any:
        for number, name, uscc, kind, call, district, status, stage, *rest in values.iterator(chunk_size=CHUNK):
            words = (str(kinds.title_of(kind)), call, names[district], str(labels[status]), str(stages.get(stage, "")))
            yield (number, name, uscc, *words, *rest)

    heads = [
        (_("编号"), 16), (_("企业"), 34), (_("统一社会信用代码"), 22), (_("事项"), 18), (_("批次"), 30),
        (_("受理区"), 12), (_("状态"), 10), (_("阶段"), 12), (_("经办人"), 10), (_("提交时间"), 17),
        (_("审核时限"), 12),
        (_("企业期限"), 12), (_("决定时间"), 17),
    ]  # fmt: skip
    return Table(_("办件清单"), [Column(*head) for head in heads], shown(), rows.count(), now())


def enterprises(user: User, parameters: dict[str, Any]) -> Table:
    """The enterprises of one's offices; parameter `verified` ("yes", "no") limits."""
    standing = standing_of(user)
    rows = Organisation.objects.visible_to(user)
    rows = rows if standing.is_city else rows.filter(district__in=standing.districts)
    if parameters.get("verified") in ("yes", "no"):
        rows = rows.filter(verified_at__isnull=parameters["verified"] == "no")
    names = _names()
    values = rows.order_by("district", "name", "pk").values_list(
        "uscc", "name", "district", "address", "registered_on", "verified_at", "created_at"
    )

    def shown() -> Any:
        for uscc, name, district, *rest in values.iterator(chunk_size=CHUNK):
            yield (uscc, name, names[district], *rest)

    heads = [
        (_("统一社会信用代码"), 22), (_("企业"), 34), (_("所在区"), 12), (_("住所"), 40), (_("成立日期"), 12),
        (_("核实时间"), 17), (_("登记时间"), 17),
    ]  # fmt: skip
    return Table(_("企业清单"), [Column(*head) for head in heads], shown(), rows.count(), now())


def recognitions(user: User, parameters: dict[str, Any]) -> Table:
    """All recognitions; they are public. Parameter `kind` limits."""
    rows = Recognition.objects.visible_to(user)
    if parameters.get("kind"):
        rows = rows.filter(kind=parameters["kind"])
    names, labels = _names(), dict(Recognition.Status.choices)
    values = rows.order_by("-granted_on", "-pk").values_list(
        "number", "organisation__name", "organisation__uscc", "organisation__district", "kind", "status", "granted_on",
        "valid_until",
    )  # fmt: skip

    def shown() -> Any:
        for number, name, uscc, district, kind, status, *rest in values.iterator(chunk_size=CHUNK):
            yield (number, name, uscc, names[district], str(kinds.title_of(kind)), str(labels[status]), *rest)

    heads = [
        (_("证书编号"), 18), (_("企业"), 34), (_("统一社会信用代码"), 22), (_("所在区"), 12), (_("事项"), 18),
        (_("状态"), 12), (_("认定日期"), 12), (_("有效期至"), 12),
    ]  # fmt: skip
    return Table(_("认定名单"), [Column(*head) for head in heads], shown(), rows.count(), now())


def own_applications(user: User, parameters: dict[str, Any]) -> Table:
    """The applications of one's own enterprises, drafts included."""
    mine = Q(organisation__in=standing_of(user).roles)
    if parameters.get("organisation"):
        mine &= Q(organisation__number=parameters["organisation"])
    rows = Application.objects.visible_to(user).filter(mine)
    names, labels = _names(), dict(Status.choices)
    values = rows.order_by("-updated_at", "-pk").values_list(
        "number", "organisation__name", "organisation__uscc", "call__title_zh", "office_district", "status",
        "submitted_at", "applicant_due_on", "decided_at", "decision_reason",
    )  # fmt: skip

    def shown() -> Any:
        for number, name, uscc, call, district, status, *rest in values.iterator(chunk_size=CHUNK):
            yield (number, name, uscc, call, names[district], str(labels[status]), *rest)

    heads = [
        (_("编号"), 16), (_("企业"), 34), (_("统一社会信用代码"), 22), (_("批次"), 30), (_("受理区"), 12),
        (_("状态"), 10), (_("提交时间"), 17), (_("企业期限"), 12), (_("决定时间"), 17), (_("决定理由"), 40),
    ]  # fmt: skip
    return Table(_("本企业办件"), [Column(*head) for head in heads], shown(), rows.count(), now())


def register() -> None:
    """Make the first reports known; called once when the app is ready."""
    for report in (
        reports.Report(
            "own-applications", gettext_lazy("本企业办件"),
            gettext_lazy("您所在企业的全部办件，包括草稿。"), _member, own_applications,
        ),
        reports.Report(
            "case-queue", gettext_lazy("办件清单"),
            gettext_lazy("本办公室的全部办件，按时限排序。"), official, case_queue,
        ),
        reports.Report(
            "enterprises", gettext_lazy("企业清单"),
            gettext_lazy("本区（市级为全市）登记的企业和核实情况。"), official, enterprises,
        ),
        reports.Report(
            "recognitions", gettext_lazy("认定名单"),
            gettext_lazy("全部认定及其有效期；这份名单是公开的。"), _anybody, recognitions,
        ),
    ):  # fmt: skip
        reports.register(report)
