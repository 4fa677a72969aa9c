"""`python -m portal.keeper`: watches over the embedded servers, and ends what a killed process left behind.

Runs under the supervisor (portal/supervisor.conf). `python -m portal.keeper stop` only stops the servers.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import psutil

from portal import embedded

MARK = "PORTAL_SUPERVISED"  # in the environment of every supervised process: the VAR_DIR of its installation


def keep(var: Path, *, durable: bool = True) -> None:
    """Start again what dies, until told to end; then stop the servers in good order."""
    ended: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: ended.append(received))
    while not ended:
        try:
            if wanted():
                embedded.ensure(var, durable=durable)
            end(orphans(var))
        except (embedded.EmbeddedError, OSError) as error:
            sys.stderr.write(f"{error}\n")
        time.sleep(1)
    embedded.stop(var)


def wanted() -> bool:
    """Does this installation use the embedded servers, or others of its own?"""
    return not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def supervised(var: Path) -> dict[int, psutil.Process]:
    """Return the live processes that the supervisor of this installation started, and their children, by number."""
    found = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK) == str(var) and process.name() not in {"postgres", "valkey-server"}:
                found[process.pid] = process
    return found


def supervisor_pid(var: Path) -> int | None:
    """Return the number in the supervisor's pid file."""
    with contextlib.suppress(OSError, ValueError):
        return int((var / "supervisor.pid").read_text())
    return None


def orphans(var: Path) -> list[psutil.Process]:
    """Return processes whose parent was killed: web workers of a granian that is gone would serve on for ever."""
    ours = supervised(var)
    kept = {os.getpid(), supervisor_pid(var)}
    found = []
    for pid, process in ours.items():
        with contextlib.suppress(psutil.Error):
            if pid not in kept and process.ppid() not in ours:
                found.append(process)
    return found


def end(processes: list[psutil.Process]) -> None:
    """Ask the processes to end, and kill those that do not."""
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    for process in psutil.wait_procs(processes, timeout=10)[1]:
        with contextlib.suppress(psutil.Error):
            process.kill()


if __name__ == "__main__":
    place = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var").resolve()
    if sys.argv[1:] == ["stop"]:
        embedded.stop(place)
    else:
        keep(place, durable=os.environ.get("EMBEDDED_DURABLE", "yes") != "no")
