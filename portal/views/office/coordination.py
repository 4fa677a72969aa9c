"""City and districts: tasks and their shares, progress with evidence, meetings with what was promised there."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal import coordination
from portal.clock import today
from portal.forms.figures import MeetingForm, ProgressForm, ReasonForm, TaskForm
from portal.models import CityTask, Meeting, TaskNote, TaskShare, standing_of
from portal.pagination import Keyset
from portal.permissions import Permission, can
from portal.views.base import ActionFormView, ActionView, fetch
from portal.views.office.figures import shared
from portal.views.office.figures.city import FiguresPage

VIEWS = ("open", "overdue", "done")


class TaskList(FiguresPage, TemplateView):
    """The shares one sees, by view: open by their day, overdue, done."""

    template_name = "portal/coordination/tasks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        view = self.request.GET.get("view", "open")
        rows = TaskShare.objects.visible_to(self.request.user).select_related("task", "district")
        chosen = {"overdue": rows.overdue, "done": lambda: rows.filter(state=TaskShare.State.DONE)}.get(view, rows.open)
        order = ["-done_at", "-id"] if view == "done" else ["task__due_on", "id"]
        page = Keyset.of_request(self.request, chosen(), order)
        may = can(self.request.user, Permission.COORDINATE)
        return super().get_context_data(page=page, view=view if view in VIEWS else "open", may_give=may, **kwargs)


class CoordinatorForm(FiguresPage, ActionFormView):
    """A form of those who coordinate."""

    permissions = (Permission.COORDINATE,)


class NewTask(CoordinatorForm):
    """Give a task to districts; `?meeting=` ties it to the meeting it was promised at."""

    template_name = "portal/coordination/task_form.html"
    form_class = TaskForm
    success_message = _("任务已布置，承办单位已收到通知。")

    @cached_property
    def meeting(self) -> Meeting | None:
        number = self.request.GET.get("meeting", "")
        found: Meeting | None = fetch(Meeting, self.request.user, number=number) if number else None
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(meeting=self.meeting, **kwargs)

    def action(self, form: Any) -> Any:
        return coordination.create_task(**form.cleaned_data, meeting=self.meeting, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("task", args=[self.result.number])


class TaskDetail(FiguresPage, TemplateView):
    """One task and the shares one sees."""

    template_name = "portal/coordination/task.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        shares = TaskShare.objects.visible_to(user).select_related("district").order_by("district__position", "pk")
        rows = CityTask.objects.select_related("meeting", "created_by").prefetch_related(
            Prefetch("shares", shares, to_attr="seen_shares")
        )
        task = fetch(rows, user, number=self.kwargs["number"])
        for share in task.seen_shares:
            share.task = task
        done = sum(share.state == TaskShare.State.DONE for share in task.seen_shares)
        clause = shared.clause_name(task.clause)
        return super().get_context_data(task=task, done=done, clause_name=clause, **kwargs)


class SharePage(FiguresPage):
    """A page about one office's share."""

    @cached_property
    def share(self) -> TaskShare:
        rows = TaskShare.objects.select_related("task__meeting", "district")
        found: TaskShare = fetch(rows, self.request.user, number=self.kwargs["number"])
        return found

    def get_success_url(self) -> str:
        return reverse("task-share", args=[self.kwargs["number"]])


class ShareDetail(SharePage, ActionFormView):
    """What was asked, what was done, and the form for the next line of progress."""

    template_name = "portal/coordination/share.html"
    form_class = ProgressForm
    success_message = _("进展已保存。")
    subject = "share"

    def action(self, form: Any) -> Any:
        return coordination.progress(self.share, **form.cleaned_data, by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, share = self.request.user, self.share
        wanted = Permission.WORK_ON_TASK if share.district_id else Permission.COORDINATE
        may_read = standing_of(user).is_city
        notes = TaskNote.objects.filter(share=share).select_related("file").order_by("-at", "-id")
        return super().get_context_data(
            share=share,
            task=share.task,
            clause_name=shared.clause_name(share.task.clause),
            notes=[(note, note.file and (may_read or note.by_id == user.pk)) for note in notes[:100]],
            may_work=can(user, wanted, share),
            may_send_back=can(user, Permission.COORDINATE),
            back_form=ReasonForm(auto_id="back_%s"),
            **kwargs,
        )


class SendBack(SharePage, ActionView):
    """Send a finished share back."""

    form_class = ReasonForm
    success_message = _("已退回，承办单位已收到通知。")

    def get_object(self) -> TaskShare:
        return self.share

    def action(self, obj: Any, form: Any) -> Any:
        return coordination.send_back(obj, reason=form.cleaned_data["reason"], by=self.request.user)


# --- meetings -----------------------------------------------------------------------------------------------------
class MeetingList(FiguresPage, TemplateView):
    """Meetings, the latest first, with how much of what was promised is done."""

    template_name = "portal/coordination/meetings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Meeting.objects.visible_to(self.request.user)
        page = Keyset.of_request(self.request, rows, ["-held_on", "-id"])
        counts = TaskShare.objects.filter(task__meeting__in=[row.pk for row in page.rows]).values("task__meeting")
        found = {
            row["task__meeting"]: row for row in counts.annotate(
                promised=Count("pk"), kept=Count("pk", filter=Q(state=TaskShare.State.DONE))
            ).order_by()
        }  # fmt: skip
        may = can(self.request.user, Permission.COORDINATE)
        lines: list[Any] = [(row, found.get(row.pk, {})) for row in page.rows]
        return super().get_context_data(page=page, lines=lines, may_give=may, today=today(), **kwargs)


class MeetingDetail(FiguresPage, TemplateView):
    """One meeting: agenda, minutes, and the tasks that came of it."""

    template_name = "portal/coordination/meeting.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting = fetch(Meeting, self.request.user, number=self.kwargs["number"])
        shares = TaskShare.objects.visible_to(self.request.user).filter(task__meeting=meeting)
        return super().get_context_data(
            meeting=meeting,
            shares=shares.select_related("task", "district").order_by("task__due_on", "task_id", "pk")[:200],
            may_give=can(self.request.user, Permission.COORDINATE),
            **kwargs,
        )


class NewMeeting(CoordinatorForm):
    """Enter a meeting."""

    template_name = "portal/coordination/meeting_form.html"
    form_class = MeetingForm
    success_message = _("会议已保存。")

    def action(self, form: Any) -> Any:
        return coordination.create_meeting(**form.cleaned_data, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("meeting", args=[self.result.number])


class ChangeMeeting(CoordinatorForm):
    """Write the minutes, or mend the agenda."""

    template_name = "portal/coordination/meeting_form.html"
    form_class = MeetingForm
    success_message = _("会议已保存。")
    subject = "meeting"

    @cached_property
    def meeting(self) -> Meeting:
        found: Meeting = fetch(Meeting, self.request.user, number=self.kwargs["number"])
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Meeting.objects.get(pk=self.meeting.pk)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(meeting=self.meeting, **kwargs)

    def action(self, form: Any) -> Any:
        return coordination.change_meeting(self.meeting, **form.cleaned_data, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("meeting", args=[self.kwargs["number"]])
