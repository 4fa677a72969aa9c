"""kill -9 of worker, web, beat, Valkey and database in turn while 300 operations run, each sent twice.

Nothing acknowledged is lost or doubled, and everybody is told once. The figures are printed (pytest -s).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from portal import embedded, keeper
from tests.factories.mail import Sink

ROOT = Path(__file__).parents[2]
OPERATIONS, PEOPLE = 300, 6
VICTIMS = ("worker", "web", "beat", "valkey", "postgres")
PATIENCE = 60.0  # seconds for one operation, restarts included
SETTLE = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """An installation of its own, started as `make run` does it."""

    def __init__(self, folder: Path, mail: str) -> None:
        self.var, self.port = folder, free_port()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "TEST_DB", "DATABASE", "REDIS"))}
        self.env = {
            **kept, "VAR_DIR": str(folder), "PORT": str(self.port), "EMAIL_URL": mail, "PORTAL_MODE": "local",
            "DJANGO_SETTINGS_MODULE": "portal.settings", "EMBEDDED_DURABLE": "yes", "PYTHONWARNINGS": "ignore",
        }  # fmt: skip

    def world(self, *words: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "tests.flows.chaos_world", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.env, check=True, capture_output=True, text=True, timeout=240)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        log = (self.var / "run.log").open("w")
        command = [sys.executable, "manage.py", "run"]
        with log, subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log) as process:
            try:
                self.wait()
                yield
            finally:
                process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(60)
                stop = [sys.executable, "manage.py", "run", "--stop"]
                subprocess.run(stop, cwd=ROOT, env=self.env, check=False, capture_output=True, timeout=90)

    def wait(self) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with contextlib.suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz/", timeout=3)
                return
            time.sleep(0.3)
        raise AssertionError((self.var / "run.log").read_text()[-2000:])

    def post(self, token: str, number: str, text: str, key: str) -> int:
        """Write a message; return the status, 0 where no answer came."""
        url = f"http://127.0.0.1:{self.port}/api/v1/applications/{number}/messages/"
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        asked = urllib.request.Request(url, json.dumps({"text": text}).encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return 0

    def kill(self, victim: str) -> bool:
        """kill -9 a process of this installation; the database is stopped as `pg_ctl stop -m immediate` does it."""
        home = embedded._read(self.var).home
        if victim == "postgres":
            found, number = embedded.postgres_processes(home), signal.SIGQUIT
        elif victim == "valkey":
            found, number = embedded.valkey_processes(home), signal.SIGKILL
        else:
            word = {"worker": "worker", "web": "granian", "beat": "beat"}[victim]
            found, number = [p for p in keeper.supervised(self.var).values() if word in self.words(p)], signal.SIGKILL
            found = sorted(found, key=lambda p: p.create_time())
        for process in found[:1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        return bool(found)

    @staticmethod
    def words(process: psutil.Process) -> list[str]:
        with contextlib.suppress(psutil.Error):
            return [Path(word).name for word in process.cmdline()]
        return []


class Figures:
    """What the clients saw."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answers: Counter[int] = Counter()
        self.acknowledged: list[str] = []
        self.slowest = 0.0
        self.kills: Counter[str] = Counter()


def work(portal: Portal, person: dict[str, str], texts: list[str], figures: Figures) -> None:
    """Send each operation until it is acknowledged, and then once more with the same key."""
    for text in texts:
        began, seen = time.monotonic(), 0
        while seen < 2 and time.monotonic() - began < PATIENCE:
            status = portal.post(person["token"], person["number"], text, f"key-{text.encode().hex()}")
            with figures.lock:
                figures.answers[status] += 1
            seen += status in (200, 201)
            if status not in (200, 201):
                time.sleep(0.3)
        with figures.lock:
            figures.slowest = max(figures.slowest, time.monotonic() - began)
            if seen:
                figures.acknowledged.append(text)


def torment(portal: Portal, figures: Figures, over: threading.Event) -> None:
    """Kill one after the other as the work proceeds: a quick machine finishes before any timetable would be through."""
    for turn, victim in enumerate(VICTIMS, start=1):
        share = OPERATIONS * turn // (len(VICTIMS) + 1)
        while len(figures.acknowledged) < share:
            if over.wait(0.05):
                return
        figures.kills[victim] += portal.kill(victim)


def settled(portal: Portal) -> dict[str, Any]:
    """Return the report as soon as no mail waits any more."""
    until = time.monotonic() + SETTLE
    while True:
        portal.wait()
        with contextlib.suppress(subprocess.CalledProcessError):
            found = portal.world("report")
            if set(found["status"]) <= {"sent"} or time.monotonic() > until:
                return found
        assert time.monotonic() < until + 30
        time.sleep(3)


@pytest.mark.slow
@pytest.mark.worker
def test_nothing_acknowledged_is_lost_or_doubled(tmp_path_factory: pytest.TempPathFactory) -> None:
    sink = Sink()
    sink.start()
    folder = tmp_path_factory.mktemp("chaos")
    portal, figures, over = Portal(folder, sink.url), Figures(), threading.Event()
    began = time.monotonic()
    try:
        world = portal.world("prepare", str(PEOPLE))["people"]
        texts = [f"第 {n} 条留言" for n in range(OPERATIONS)]
        with portal.running():
            share = [(world[n % PEOPLE], texts[n::PEOPLE]) for n in range(PEOPLE)]
            clients = [threading.Thread(target=work, args=(portal, *part, figures)) for part in share]
            tormentor = threading.Thread(target=torment, args=(portal, figures, over))
            tormentor.start()
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            over.set()
            tormentor.join()
            worked = time.monotonic() - began
            found = settled(portal)
    finally:
        over.set()
        sink.stop()
    seconds = time.monotonic() - began
    copies = len(sink.ids) - len(set(sink.ids))
    sys.stdout.write(
        f"\n{OPERATIONS} operations, each sent twice: {len(figures.acknowledged)} acknowledged; "
        f"answers {dict(figures.answers)}; kills {dict(figures.kills)}; slowest {figures.slowest:.1f} s; "
        f"notices {found['notices']} {found['status']}; mails {len(sink.ids)}, of them repeated {copies}; "
        f"{worked:.0f} + {seconds - worked:.0f} s\n"
    )
    assert len(figures.acknowledged) == OPERATIONS
    assert found["messages"] == dict.fromkeys(texts, 1)
    assert (found["audited"], found["faults"]) == (OPERATIONS, [])
    assert found["notices"] == found["keys"] == OPERATIONS
    assert found["status"] == {"sent": OPERATIONS}
    assert {name.split("@")[0].strip("<") for name in sink.ids} >= set(found["ids"])
    assert copies <= sum(figures.kills.values())
    assert set(figures.kills) == set(VICTIMS)
    assert all(figures.kills.values())
