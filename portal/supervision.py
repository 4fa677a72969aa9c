"""Brings the whole portal up on one's own machine: prepares it step by step, then keeps its processes running."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from io import StringIO
from pathlib import Path
from types import FrameType

import psutil
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from portal import demo, embedded, keeper, translations

PATIENCE = 90.0
Say = Callable[[str], None]


def run(say: Say) -> int:
    """Prepare, start everything, tell the address, wait until told to stop. Return the exit status."""
    refuse_second_start()
    prepare(say)
    with supervisor() as process:
        with step(say, "启动网站、任务与定时进程 / web, worker, beat"):
            wait_for_web(process)
        welcome(say)
        status = process.wait()
    say("已停止 / stopped")
    return 0 if status in {0, -signal.SIGTERM} else status


def stop() -> bool:
    """Ask a running installation to stop; return whether there was one."""
    running = live_supervisor()
    if running is None:
        return False
    running.terminate()
    running.wait(90)
    return True


@contextlib.contextmanager
def step(say: Say, title: str) -> Iterator[None]:
    """Show what is being done and how long it took."""
    began = time.monotonic()
    say(f"… {title}")
    yield
    say(f"  ✓ {time.monotonic() - began:.1f} s")


def prepare(say: Say) -> None:
    """Bring database, translations, rules, demo data and static files up to date; whatever is, is left alone."""
    say(f"✓ PostgreSQL, Valkey ({settings.VAR_DIR})")
    with step(say, "数据库结构 / migrations"):
        call_command("migrate", verbosity=0, interactive=False)
    with step(say, "译文 / translations"):
        translations.compile_all([Path(folder) for folder in settings.LOCALE_PATHS])
    with step(say, "规则数据 / rules"):
        call_command("load_rules", stdout=StringIO())
    if not get_user_model().objects.exists():
        with step(say, "演示数据 / demo data"):
            call_command("seed_demo")
    if static_is_stale():
        with step(say, "静态文件 / static files"):
            call_command("collectstatic", verbosity=0, interactive=False)


def static_is_stale() -> bool:
    """Is any source newer than the last collection?"""
    collected = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if settings.DEBUG:
        return False
    if not collected.exists():
        return True
    sources = [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*")]
    sources.append(settings.BASE_DIR / "requirements.lock")
    return max(path.stat().st_mtime for path in sources) > collected.stat().st_mtime


def live_supervisor() -> psutil.Process | None:
    """Return the supervisor of this installation, if it runs."""
    return keeper.supervised(settings.VAR_DIR).get(keeper.supervisor_pid(settings.VAR_DIR) or 0)


def refuse_second_start() -> None:
    """End what a killed supervisor left behind; raise CommandError when one runs or the port is taken."""
    if live_supervisor():
        raise CommandError(f"已在运行 / already running: {settings.PUBLIC_URL} (make stop)")
    keeper.end(list(keeper.supervised(settings.VAR_DIR).values()))
    if keeper.wanted():  # a keeper left behind stops its servers when it ends
        embedded.ensure(settings.VAR_DIR)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.LISTEN, settings.PORT))
        except OSError as error:
            raise CommandError(f"端口 {settings.PORT} 被占用 / port is in use: PORT=8001 make run") from error


@contextlib.contextmanager
def supervisor() -> Iterator[subprocess.Popen[bytes]]:
    """Run supervisord in a session of its own; Ctrl-C, TERM and a closed terminal reach it as one orderly TERM."""
    (settings.VAR_DIR / "log").mkdir(parents=True, exist_ok=True)
    binaries = Path(sys.executable).parent
    environment = {
        **os.environ,
        keeper.MARK: str(settings.VAR_DIR),
        "PORTAL_MODE": "local",
        "VAR_DIR": str(settings.VAR_DIR),
        "PORT": str(settings.PORT),
        "LISTEN": settings.LISTEN,
        "PYTHON_BIN": str(binaries),
        "PYTHONWARNINGS": "ignore",
    }
    command: list[str | Path] = [
        binaries / "supervisord",
        "-n",
        "-s",
        "-c",
        settings.BASE_DIR / "portal" / "supervisor.conf",
    ]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True) as process:  # noqa: S603

        def end(_number: int, _frame: FrameType | None) -> None:
            process.terminate()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, end)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def wait_for_web(process: subprocess.Popen[bytes]) -> None:
    """Return when the web server answers."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None:
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection(settings.LISTEN, settings.PORT, timeout=5)
            connection.request("GET", "/healthz/")
            if connection.getresponse().status == 200:
                return
        if time.monotonic() > until:
            raise CommandError(f"网站没有应答 / no answer from the web server: {settings.VAR_DIR / 'log' / 'web.log'}")
        time.sleep(0.1)


def welcome(say: Say) -> None:
    """Tell the address and, while this is a demo, a personal sign-in link for each demo person."""
    for name, role, link in demo.sign_in_links():
        say(f"  {name} · {role}\n    {link}")
    say(f"\n门户已启动 / the portal is up: {settings.PUBLIC_URL}/")  # last, where one looks
    say(f"日志 / logs: {settings.VAR_DIR / 'log'}    Ctrl-C 停止 / stops")
