"""One alert at the desk: text, audience, what a correction changes, editions, steps; and how it will look."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal import audit, vocabulary
from portal.models import User
from services.protection import checking, desk, reasons
from services.protection.drafting import MOST_FILES
from services.protection.forms.alerts import ApproveForm, AttachForm, ReasonForm, WithdrawForm
from services.protection.models import AlertVersion
from services.protection.tables.desk import SEVERITIES

from .access import OfAlert
from .audience import context_of

MOST_EVENTS = 20
Stage = AlertVersion.Stage


def text_of(version: AlertVersion) -> dict[str, Any]:
    """Return the text in both languages and what belongs to it."""
    return {
        "texts": [
            {
                "lang": lang,
                "title": getattr(version, f"title{end}"),
                "summary": getattr(version, f"summary{end}"),
                "body": getattr(version, f"body{end}"),
                "change_note": getattr(version, f"change_note{end}"),
                "checklist": [row.get(key, "") for row in version.checklist],
            }
            for lang, end, key in (("zh-Hans", "", "zh"), ("en", "_en", "en"))
        ],
        "severity": SEVERITIES[version.severity],
    }


class AlertDetail(OfAlert, TemplateView):
    """The page of review and of every other step."""

    template_name = "protection/desk/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version, user = self.version, self.request.user
        found = context_of(version, user) if version.is_open else {"criteria": desk.criteria_words(version)}
        return super().get_context_data(
            alert=self.alert,
            version=version,
            state=desk.state_of(version),
            steps=desk.steps(version, user),
            problems=checking.problems(version) if version.is_open else [],
            differences=desk.differences(version, self.alert.current if version.is_open else None),
            editions=self.editions(),
            events=_events(version),
            **{**text_of(version), **self.forms(), **found, **kwargs},
        )

    def forms(self) -> dict[str, Any]:
        is_draft = self.version.stage in (Stage.PROPOSED, Stage.DRAFT)
        return {
            "approve_form": ApproveForm(auto_id="approve_%s"),
            "reason_form": ReasonForm(auto_id="reason_%s"),
            "drop_form": ReasonForm(auto_id="drop_%s"),
            "withdraw_form": WithdrawForm(auto_id="withdraw_%s"),
            "attach_form": AttachForm(auto_id="attach_%s"),
            "files": [_file(self.alert.number, file, is_draft) for file in self.version.attachments.all()],
            "may_attach": is_draft,
            "most_files": MOST_FILES,
        }

    def editions(self) -> list[AlertVersion]:
        if self.alert.current_id is None:
            return []
        return list(self.alert.versions.filter(published_at__isnull=False).select_related("author", "reviewer"))


def _file(number: str, file: Any, is_draft: bool) -> dict[str, Any]:
    return {
        "name": file.name, "kind": file.kind, "size": file.size, "status": file.status, "refusal": file.refusal_text,
        "number": file.number, "is_removable": is_draft, "alert": number,
    }  # fmt: skip


def _events(version: AlertVersion) -> list[dict[str, Any]]:
    """Return the last steps of the alert as components/timeline.html takes them."""
    rows = list(audit.history_of(version.alert).order_by("-sequence")[:MOST_EVENTS])
    names = dict(User.objects.filter(pk__in={row.actor_id for row in rows}).values_list("pk", "name"))
    return [
        {
            "icon": "history",
            "text": vocabulary.audit_word(row.action),
            "who": names.get(row.actor_id or 0, ""),
            "at": row.at,
            "note": row.data.get("reason", ""),
            "is_on": place == 0,
        }
        for place, row in enumerate(rows)
    ]


class AlertPreview(OfAlert, TemplateView):
    """What an enterprise will see: the text in one language, with the reasons of a first enterprise."""

    template_name = "protection/desk/preview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = self.version
        example = next(iter(context_of(version, self.request.user)["sample"]), None)
        found = text_of(version)
        for text in found["texts"]:
            text["why"] = _why(text["lang"], example["reasons"]) if example else ""
        return super().get_context_data(alert=self.alert, version=version, example=example, **found, **kwargs)


def _why(language: str, found: list[dict[str, Any]]) -> str:
    """Return why one enterprise is told, in the language of the text beside it."""
    with translation.override(language.lower()):
        return _("为什么发给贵企业：%(why)s") % {"why": reasons.sentence(found, for_official=True)}
