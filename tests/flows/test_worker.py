"""A real Celery worker with a real broker: kill -9 half-way, and the next one finishes; each notice reaches once."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from portal import files, notifications, reports
from portal.models import Notification, ReportRun, StoredFile
from tests.factories import cases, documents, people
from tests.factories.mail import Sink

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.worker, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def start(sink: Sink, tmp_path: Path) -> Iterator[Callable[[], psutil.Process]]:
    """Return a function that starts a worker with beat inside, against this test's database and Valkey keys."""
    begun: list[subprocess.Popen[bytes]] = []
    database = connection.settings_dict
    where = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("PYTEST")},
        "DATABASE_URL": f"postgres://{database['USER']}:{quote(database['PASSWORD'])}@{where}",
        "REDIS_URL": settings.REDIS_URL, "EMAIL_URL": sink.url, "FILES_DIR": str(settings.FILES_DIR),
        "PORTAL_MODE": "local", "TEST_DB": settings.KEY_PREFIX, "VAR_DIR": str(tmp_path), "PYTHONWARNINGS": "ignore",
    }  # fmt: skip

    def begin() -> psutil.Process:
        command = [sys.executable, "-m", "celery", "--app", "portal", "worker", "--beat", "--concurrency", "2"]
        log = (tmp_path / f"worker{len(begun)}.log").open("wb")
        with log:
            begun.append(subprocess.Popen([*command, "--without-mingle"], cwd=ROOT, env=env, stdout=log, stderr=log))
        return psutil.Process(begun[-1].pid)

    yield begin
    for process in begun:
        if process.poll() is None:
            kill(psutil.Process(process.pid))
        process.wait(20)


def kill(worker: psutil.Process) -> None:
    """kill -9 the worker with all its children."""
    for process in [*worker.children(recursive=True), worker]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def wait(until: Callable[[], bool], what: str, patience: float = 60) -> None:
    end = time.monotonic() + patience
    while not until():
        assert time.monotonic() < end, what
        time.sleep(0.2)


def statuses() -> set[str]:
    return set(Notification.objects.values_list("mail_status", flat=True))


def test_killed_worker_is_followed_by_one_that_finishes(sink: Sink, start: Callable[[], psutil.Process]) -> None:
    sink.delay = 0.15
    receivers = [people.make_user() for _ in range(30)]
    with transaction.atomic():
        notifications.notify("posting_ended", receivers, key="k", values={"office": "甲", "role": "乙", "person": "丙"})
    first = start()
    wait(lambda: len(sink.ids) >= 5, "the first worker sends")
    kill(first)
    sent = len(sink.ids)
    assert sent < 30
    start()
    wait(lambda: statuses() == {"sent"}, "the second worker finishes", 90)
    assert len(set(sink.ids)) == 30
    assert len(sink.ids) - 30 <= 2  # at most what two processes had in hand, under the same id


def test_worker_delivers_inspects_and_reports_soon_after_the_commit(
    sink: Sink, start: Callable[[], psutil.Process], organisation: Any, applicant: Any, officer: Any
) -> None:
    start()
    application = cases.make_draft(organisation, applicant)
    upload = SimpleUploadedFile("a.pdf", documents.pdf())
    file = files.attach(upload, slot="evidence", application=application, by=applicant)
    run = reports.request("enterprises", format="xlsx", by=officer)
    with transaction.atomic():
        notifications.notify(
            "posting_ended", [applicant], key="k", values={"office": "甲", "role": "乙", "person": "丙"}
        )
    wait(lambda: StoredFile.objects.get(pk=file.pk).status == "clean", "the file is inspected")
    wait(lambda: ReportRun.objects.get(pk=run.pk).status == "done", "the report is made")
    wait(lambda: statuses() == {"sent"}, "the mail is sent")
    assert len(sink.ids) == len(set(sink.ids)) == 2
