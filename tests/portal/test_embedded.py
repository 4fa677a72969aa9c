"""The servers out of wheels: found by every process, back after kill -9, for root and for an ordinary user."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from portal import embedded

BASE = Path(__file__).resolve().parents[2]
ENSURE = """
import sys
from pathlib import Path
from portal import embedded
print(embedded.ensure(Path(sys.argv[1])).database_url)
"""


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """A folder of its own: these tests kill servers, and must not meet anybody else's."""
    folder = Path(tempfile.mkdtemp(prefix="portal-embedded-"))
    folder.chmod(0o755)
    yield folder
    embedded.stop(folder)
    shutil.rmtree(folder)


def query(found: embedded.Installation, sql: str) -> list[tuple[object, ...]]:
    """Run one statement in a connection of its own and return its rows."""
    with contextlib.closing(psycopg2.connect(found.database_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []


def postmaster(found: embedded.Installation) -> int:
    return int((found.home / "postgres" / "postmaster.pid").read_text().split()[0])


def test_ensure_twice_gives_the_same_servers(var: Path) -> None:
    first = embedded.ensure(var)
    process = postmaster(first)
    assert embedded.ensure(var) == first
    assert postmaster(first) == process
    assert (var / "embedded.json").stat().st_mode & 0o777 == 0o600


def test_server_is_version_18_and_listens_on_loopback_only(var: Path) -> None:
    found = embedded.ensure(var)
    assert query(found, "SHOW server_version_num")[0][0] >= "180000"
    assert query(found, "SHOW listen_addresses") == [("127.0.0.1",)]
    assert query(found, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]
    assert redis.Redis.from_url(found.redis_url).info("server")["redis_version"]


@pytest.mark.parametrize("server", ["database", "valkey"])
def test_wrong_password_is_refused(var: Path, server: str) -> None:
    found = embedded.ensure(var)
    if server == "database":
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(found.database_url.replace(found.password, "guess"))
    else:
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(found.redis_url.replace(found.password, "guess")).ping()


def test_second_process_finds_the_same_servers(var: Path) -> None:
    found = embedded.ensure(var)
    done = subprocess.run(
        [sys.executable, "-c", ENSURE, str(var)], cwd=BASE, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == found.database_url


def test_many_processes_at_once_start_one_server(var: Path) -> None:
    embedded.stop(var)
    starters = [
        subprocess.Popen([sys.executable, "-c", ENSURE, str(var)], cwd=BASE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert {starter.communicate(timeout=120)[0].strip() for starter in starters} == {embedded.ensure(var).database_url}


def test_killed_database_comes_back_with_its_data(var: Path) -> None:
    found = embedded.ensure(var)
    query(found, "CREATE TABLE IF NOT EXISTS kept (n int)")
    for number in range(3):
        query(found, f"INSERT INTO kept VALUES ({number})")
        os.kill(postmaster(found), signal.SIGKILL)
        assert embedded.ensure(var) == found
    assert query(found, "SELECT count(*), sum(n) FROM kept") == [(3, 3)]


def test_killed_valkey_comes_back_with_its_data(var: Path) -> None:
    found = embedded.ensure(var)
    client = redis.Redis.from_url(found.redis_url)
    client.set("kept", "1")
    client.execute_command("WAITAOF", 1, 0, 5000)
    (process,) = embedded.valkey_processes(found.home)
    process.kill()
    found = embedded.ensure(var)
    assert redis.Redis.from_url(found.redis_url).get("kept") == b"1"


def test_stale_mark_with_a_number_in_use_does_not_stop_the_start(var: Path) -> None:
    found = embedded.ensure(var)
    embedded.stop(var)
    mark = found.home / "postgres" / "postmaster.pid"
    mark.write_text(f"{os.getppid()}\n{mark.parent}\n1700000000\n{found.database_port}\n\n127.0.0.1\n0 0\nready\n")
    assert embedded.ensure(var) == found


def test_taken_port_is_replaced(var: Path) -> None:
    found = embedded.ensure(var)
    embedded.stop(var)
    with contextlib.closing(embedded.socket.socket()) as thief:
        thief.setsockopt(embedded.socket.SOL_SOCKET, embedded.socket.SO_REUSEADDR, 1)
        thief.bind((embedded.HOST, found.database_port))
        thief.listen()
        assert embedded.ensure(var).database_port != found.database_port


def test_stop_leaves_nothing_running(var: Path) -> None:
    found = embedded.ensure(var)
    embedded.stop(var)
    assert embedded.postgres_processes(found.home) == embedded.valkey_processes(found.home) == []


def test_unwritable_folder_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(embedded.EmbeddedError, match="set VAR_DIR to a folder of yours"):
        embedded.ensure(Path("/proc/portal"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user; this run is the ordinary user's")
def test_ordinary_user_has_servers_of_his_own_beside_roots(var: Path) -> None:
    roots = embedded.ensure(var)
    person = pwd.getpwnam("daemon")
    folder = Path(tempfile.mkdtemp(prefix="portal-embedded-user-"))
    os.chown(folder, person.pw_uid, person.pw_gid)
    # The interpreter itself may be closed to other people, so the step down comes after the imports.
    step_down = f"import os; os.setgroups([]); os.setgid({person.pw_gid}); os.setuid({person.pw_uid}); os.chdir('/')\n"
    code = "import encodings.idna" + ENSURE.replace("print(", step_down + "print(")
    try:
        if not may_run_the_programs(person):
            pytest.skip("the checkout lies in a folder that other users cannot enter")
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder / "var")],
            cwd=BASE, capture_output=True, text=True, check=False, timeout=120,
            env={key: value for key, value in os.environ.items() if key not in {"XDG_RUNTIME_DIR", "VAR_DIR"}},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() != roots.database_url
        with contextlib.closing(psycopg2.connect(done.stdout.strip())):
            assert embedded.ensure(var) == roots
        owners = {process.uids().real for process in embedded.postgres_processes(folder / "var" / "servers")}
        assert owners == {person.pw_uid}
    finally:
        embedded.stop(folder / "var")
        shutil.rmtree(folder)


def may_run_the_programs(person: pwd.struct_passwd) -> bool:
    """Can this person execute the servers out of the installed wheels?"""
    package = Path(psycopg2.__file__).parents[1] / embedded.POSTGRES / "postgres"
    test = subprocess.run(["test", "-x", package], check=False, cwd="/", user=person.pw_uid, group=person.pw_gid)
    return test.returncode == 0
