"""Templates of reasons: an office's ready words in both languages, filled in per case, changed by its supervisors."""

from __future__ import annotations

import re
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.clock import now
from portal.errors import RuleBroken
from portal.formats import day
from portal.models import Application, Office, ReasonTemplate, User
from portal.permissions import Permission, check

# placeholder -> what it stands for, in words
PLACEHOLDERS: dict[str, Any] = {
    "organisation": _("企业名称"),
    "number": _("办件编号"),
    "call": _("批次名称"),
    "due": _("审核时限"),
    "question": _("被标出的问题（只用于补正）"),
}
MARK = re.compile(r"\{([^{}]*)\}")


def unknown_marks(text: str) -> list[str]:
    """Return the placeholders of a text that the portal does not know."""
    return [name for name in MARK.findall(text) if name not in PLACEHOLDERS]


def filled(template: ReasonTemplate, application: Application, *, question: str = "") -> str:
    """Return the text in the reader's language with everything filled in."""
    values = {
        "organisation": application.organisation.name,
        "number": application.number,
        "call": application.call.title,
        "due": day(application.due_on) if application.due_on else "—",
        "question": question or "—",
    }
    return MARK.sub(lambda found: values.get(found[1], found[0]), template.text)


def offered(user: User, uses: tuple[str, ...]) -> QuerySet[ReasonTemplate]:
    """Return the templates this person may insert for one of these uses."""
    return ReasonTemplate.objects.open().visible_to(user).filter(use__in=uses)


@transaction.atomic
def write_template(
    office: Office,
    *,
    use: str,
    title: str,
    text_zh: str,
    text_en: str,
    template: ReasonTemplate | None = None,
    by: User,
) -> ReasonTemplate:
    """Write a new template, or change one. Raises Denied, RuleBroken."""
    check(by, Permission.MANAGE_WORKBENCH, office)
    values = {"use": use, "title": title.strip(), "text_zh": text_zh.strip(), "text_en": text_en.strip()}
    _require_texts(values)
    if template is not None:
        template = _locked(template)
    found = template or ReasonTemplate(office=office)
    for name, value in values.items():
        setattr(found, name, value)
    found.updated_at, found.updated_by = now(), by
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise RuleBroken(_("这种用途下已有同名的模板。"), code="duplicate") from error
    action = "reason_template.changed" if template else "reason_template.written"
    audit.record(("office", office.slug), action, by=by, data={"template": found.number, **values})
    return found


def _require_texts(values: dict[str, str]) -> None:
    if not all(values.values()):
        raise RuleBroken(_("请填写名称和中英文两种文字。"), code="text_missing")
    wrong = [name for text in (values["text_zh"], values["text_en"]) for name in unknown_marks(text)]
    if wrong:
        names = {"name": f"{{{wrong[0]}}}"}
        raise RuleBroken(_("没有占位符 %(name)s，请从列出的占位符中选用。") % names, code="unknown_mark")


@transaction.atomic
def retire_template(template: ReasonTemplate, *, by: User) -> ReasonTemplate:
    """Offer a template no more; reasons written with it stay as they are."""
    template = _locked(template)
    check(by, Permission.MANAGE_WORKBENCH, template.office)
    template.retired_at = now()
    template.save(update_fields=["retired_at"])
    data = {"template": template.number, "title": template.title}
    audit.record(("office", template.office.slug), "reason_template.retired", by=by, data=data)
    return template


def _locked(template: ReasonTemplate) -> ReasonTemplate:
    found = ReasonTemplate.objects.select_for_update(of=("self",)).select_related("office").get(pk=template.pk)
    if found.retired_at is not None:
        raise RuleBroken(_("这个模板已停用。"), code="wrong_state")
    return found
