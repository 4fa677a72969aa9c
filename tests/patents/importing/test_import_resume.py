"""A worker that dies, a database that says no, two workers at once: the same rights in the end, each once."""

import datetime as dt

import pytest

from patents.importing import applying, runs, working
from patents.models import ImportRun, Right, RightEvent
from portal.models import AuditEvent, Deadline, Notification
from tests.patents.importing import lists

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process is gone: nothing of ours catches it."""


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(applying, "BATCH", 7)


@pytest.fixture
def checked(bring, small_batches):
    """Return an import of 30 rights, checked and confirmed."""
    run = bring(lists.as_csv(30))
    assert run.counts == {"new": 30, "warned": 0}
    runs.confirm(run, by=run.created_by)
    return run


def silence(run):
    """Let the worker that had the run be silent for long enough."""
    long_ago = run.created_at - dt.timedelta(hours=1)
    ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=long_ago)


def outcome():
    """Return what stands in the register, without keys and random numbers."""
    rights = Right.objects.order_by("identity").values(
        "identity", "title", "status", "filed_on", "granted_on", "version"
    )
    dates = Deadline.objects.order_by("rule_code", "legal_on").values_list("rule_code", "legal_on")
    return list(rights), list(dates), RightEvent.objects.count()


@pytest.mark.parametrize("fatal", [1, 2, 3, 5])
def test_killed_while_taking_in_then_resumed_is_the_same(checked, monkeypatch, fatal):
    apply, count = applying.apply, iter(range(1, 100))

    def dying(*args, **kwargs):
        if next(count) == fatal:
            raise Killed
        apply(*args, **kwargs)

    monkeypatch.setattr(applying, "apply", dying)
    with pytest.raises(Killed):
        working.sweep()
    assert Right.objects.count() == (fatal - 1) * 7
    assert working.sweep() == 0, "a run under a worker that still lives is left alone"
    silence(checked)
    working.sweep()
    checked.refresh_from_db()
    assert (checked.status, checked.counts) == ("done", {"new": 30, "warned": 0})
    assert Right.objects.count() == RightEvent.objects.count() == 30
    assert Right.objects.values("identity").distinct().count() == 30
    assert AuditEvent.objects.filter(action="import.done").count() == 1
    assert Notification.objects.filter(template="import_done").count() == 1
    assert not set(Right.objects.values_list("version", flat=True)) - {0}


def test_killed_between_commit_and_progress_repeats_nothing(checked, monkeypatch):
    apply = applying.apply

    def dying(*args, **kwargs):
        apply(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(applying, "apply", dying)
    with pytest.raises(Killed):
        working.sweep()
    before = outcome()
    assert len(before[0]) == 7
    monkeypatch.setattr(applying, "apply", apply)
    silence(checked)
    working.sweep()
    assert len(outcome()[0]) == outcome()[2] == 30
    assert [one for one in outcome()[0] if one in before[0]] == before[0]


def test_killed_while_checking_begins_the_check_anew(bring, monkeypatch):
    stage = working.staging.stage

    def dying(*args, **kwargs):
        stage(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(working.staging, "stage", dying)
    with pytest.raises(Killed):
        bring(lists.as_csv(9))
    monkeypatch.setattr(working.staging, "stage", stage)
    run = ImportRun.objects.get()
    silence(run)
    working.sweep()
    run.refresh_from_db()
    assert (run.status, run.counts, run.rows.count()) == ("ready", {"new": 9, "warned": 0}, 9)


def test_step_that_always_fails_gives_up_and_can_be_resumed(checked, monkeypatch):
    apply = applying.apply

    def failing(*_args, **_kwargs):
        raise ValueError("broken")

    monkeypatch.setattr(applying, "apply", failing)
    working.sweep()
    working.sweep()
    checked.refresh_from_db()
    assert (checked.status, checked.error) == ("failed", "interrupted")
    monkeypatch.setattr(applying, "apply", apply)
    runs.resume(checked, by=checked.created_by)
    working.sweep()
    checked.refresh_from_db()
    assert checked.status == "done"
    assert Right.objects.count() == 30


def test_worker_that_was_overtaken_writes_nothing(checked, monkeypatch):
    apply = applying.apply

    def slow(run, span, **kwargs):
        apply(run, span, **kwargs)
        ImportRun.objects.filter(pk=run.pk).update(attempts=9)

    monkeypatch.setattr(applying, "apply", slow)
    working.sweep()
    checked.refresh_from_db()
    assert checked.status == "running"
    assert Right.objects.count() == 7


def test_register_that_changed_after_the_check_is_judged_anew_and_shown(checked):
    Right.objects.create(
        organisation=checked.organisation,
        kind="invention",
        title=lists.title(3),
        application_number=lists.number(3),
        identity=f"patent:a:CN{lists.number(3).replace('.', '')}",
        filed_on=lists.filed_on(3),
    )
    working.sweep()
    checked.refresh_from_db()
    assert checked.status == "ready"
    assert checked.counts["new"] == 29
    assert Right.objects.count() == 1


def test_two_imports_of_one_enterprise_wait_for_each_other(checked):
    ImportRun.objects.create(
        organisation=checked.organisation, name="x", key="k", size=1, sha256="", status="running",
        created_by=checked.created_by, heartbeat_at=checked.created_at + dt.timedelta(days=9),
    )  # fmt: skip
    working.sweep()
    assert not Right.objects.exists()


def test_dates_are_opened_with_the_rights(checked):
    working.sweep()
    assert Deadline.objects.exists()
