"""Jobs: a broker that is away does not hold a request up, and every job of the timetable exists."""

import socket
import time
from collections.abc import Iterator

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from portal.celery import TIMETABLE, app


def test_every_job_of_the_timetable_exists_and_says_why() -> None:
    app.loader.import_default_modules()
    assert TIMETABLE
    for name, (_when, why) in TIMETABLE.items():
        assert name in app.tasks
        assert why


def test_jobs_are_acknowledged_late_and_never_run_in_the_request() -> None:
    conf = app.conf
    assert conf.task_acks_late is conf.task_reject_on_worker_lost is True
    assert conf.task_always_eager is False
    assert (conf.worker_prefetch_multiplier, conf.accept_content) == (1, ["json"])
    assert conf.task_time_limit < conf.broker_transport_options["visibility_timeout"]


@pytest.fixture
def silent_server() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield server.getsockname()[1]


@pytest.mark.parametrize("kind", ["refuses", "silent"])
def test_publishing_with_the_broker_away_gives_up_within_two_seconds(kind: str, silent_server: int) -> None:
    other = Celery("other", set_as_current=False)
    other.config_from_object(settings, namespace="CELERY")
    other.conf.broker_url = f"redis://127.0.0.1:{1 if kind == 'refuses' else silent_server}/0"
    other.conf.broker_write_url = other.conf.broker_url
    began = time.monotonic()
    with pytest.raises(OperationalError):
        other.send_task("portal.tasks.heartbeat")
    assert time.monotonic() - began < 2
