"""Every address under /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from portal.api.views import (
    account,
    administration,
    applications,
    bulk,
    cases,
    desk,
    docs,
    editing,
    fallback,
    figures,
    organisations,
    programmes,
    public,
    reviews,
    workbench,
)

app_name = "api"

RESOURCES = [
    ("me", account.Me, "me"),
    ("settings", account.Settings, "settings"),
    ("notifications", account.Notifications, "notification"),
    ("tokens", account.Tokens, "token"),
    ("files", account.Files, "file"),
    ("districts", public.Districts, "district"),
    ("offices", administration.Offices, "office"),
    ("calls", public.Calls, "call"),
    ("notices", public.Notices, "notice"),
    ("recognitions", public.Recognitions, "recognition"),
    ("rules", public.Rules, "rule"),
    ("organisations", organisations.Organisations, "organisation"),
    ("supervised-organisations", organisations.SupervisedOrganisations, "supervised-organisation"),
    ("join-requests", organisations.JoinRequests, "join-request"),
    ("verifications", organisations.Verifications, "verification"),
    ("applications", applications.Applications, "application"),
    ("cases", cases.Cases, "case"),
    ("assignment-rules", workbench.AssignmentRules, "assignment-rule"),
    ("absences", workbench.Absences, "absence"),
    ("reason-templates", workbench.ReasonTemplates, "reason-template"),
    ("bulk-decisions", bulk.BulkDecisions, "bulk-decision"),
    ("reviews", reviews.Reviews, "review"),
    ("call-editor", editing.CallEditor, "call-editor"),
    ("questionnaires", editing.Questionnaires, "questionnaire"),
    ("programmes", programmes.Programmes, "programme"),
    ("figures", editing.Figures, "figures"),
    ("measures", figures.Measures, "measure"),
    ("targets", figures.Targets, "target"),
    ("city-tasks", figures.CityTasks, "city-task"),
    ("task-shares", figures.TaskShares, "task-share"),
    ("people", administration.People, "person"),
    ("invitations", administration.Invitations, "invitation"),
    ("saved-views", desk.SavedViews, "saved-view"),
    ("calendar-feeds", desk.CalendarFeeds, "calendar-feed"),
    ("webhooks", desk.Webhooks, "webhook"),
    ("objections", reviews.Objections, "objection"),
    ("appeals", reviews.Appeals, "appeal"),
]
router = SimpleRouter()
for prefix, view, name in RESOURCES:
    router.register(prefix, view, basename=name)

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", docs.Schema.as_view(), name="schema"),
    path("docs/", docs.Documentation.as_view(), name="docs"),
    path("", include(router.urls)),
    re_path("", fallback.absent, name="absent"),
]
