"""docker-compose.yml and Dockerfile without an engine: every command, variable, check and volume in them exists."""

import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class

BASE = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((BASE / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service.get("image") == "ip-portal"]
DOCKERFILE = (BASE / "Dockerfile").read_text()
SETTINGS = (BASE / "portal" / "settings.py").read_text()
# Read by the images of others, or by the images of ours outside settings.py.
FOREIGN = {
    "POSTGRES_USER",
    "POSTGRES_DB",
    "POSTGRES_PASSWORD",
    "POSTGRES_INITDB_ARGS",
    "MP_DATABASE",
    "VALKEY_PASSWORD",
}


def words(command: list[str]) -> list[list[str]]:
    """Split a command, or the commands of a `sh -c`, into words."""
    if command[:2] == ["sh", "-c"]:
        return [part.split() for part in command[2].split("&&")]
    return [command]


def commands() -> list[tuple[str, list[str]]]:
    """Return every command that runs in a container of ours, with the name of its service."""
    found = [("Dockerfile", re.findall(r'"([^"]*)"', line)) for line in re.findall(r"CMD (\[.*\])", DOCKERFILE)]
    for name in OURS:
        service = SERVICES[name]
        if "command" in service:
            found.append((name, service["command"]))
        if "test" in service.get("healthcheck", {}):
            found.append((name, service["healthcheck"]["test"][1:]))
    return [(name, command) for name, whole in found for command in words(whole)]


def test_every_part_of_the_portal_is_there() -> None:
    assert set(SERVICES) == {"proxy", "migrate", "web", "worker", "beat", "database", "valkey", "mail"}
    assert OURS == ["migrate", "web", "worker", "beat"]
    assert SERVICES["database"]["image"] == "postgres:18"


@pytest.mark.parametrize(("service", "command"), commands())
def test_command_of_a_container_exists(service: str, command: list[str]) -> None:
    program, *arguments = command
    if program == "python" and arguments[0] == "-m":
        assert find_spec(arguments[1])
        return
    if program == "python":
        assert arguments[0] == "manage.py"
        verb = arguments[1]
        parser = load_command_class(get_commands()[verb], verb).create_parser("manage.py", verb)
        parser.parse_args(arguments[2:])
        return
    assert shutil.which(program, path=str(Path(sys.executable).parent)), f"{program} is not installed by the lock"


def test_web_worker_and_beat_run_as_on_ones_own_machine() -> None:
    supervised = (BASE / "portal" / "supervisor.conf").read_text()
    web = re.search(r"command = \S+/(granian .*)", supervised)
    assert web
    own = web.group(1).replace("%(ENV_LISTEN)s", "0.0.0.0").replace("%(ENV_PORT)s", "8000").split()
    assert own in [command for _, command in commands()]
    for part in (SERVICES["worker"]["command"], SERVICES["beat"]["command"][:5]):
        assert " ".join(part) in supervised


def test_every_variable_is_read_and_every_required_one_is_set() -> None:
    read = set(re.findall(r'env\.(?:text|flag|number|words|has)\(\s*"([A-Z_]+)"', SETTINGS)) | {"PORTAL_MODE"}
    for name in OURS:
        assert set(SERVICES[name]["environment"]) <= read
    required = re.search(r"^PRODUCTION = \((.*)\)$", SETTINGS, re.M)
    assert required
    assert set(re.findall(r'"([A-Z_]+)"', required.group(1))) <= set(SERVICES["web"]["environment"])
    image = re.findall(r"^(?:ENV |    )([A-Z_]+)=", DOCKERFILE, re.M)
    assert set(image) - {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PIP_DISABLE_PIP_VERSION_CHECK"} <= read
    for name in set(SERVICES) - set(OURS) - {"proxy"}:
        assert set(SERVICES[name].get("environment", {})) <= FOREIGN
    assert "{$SITE_ADDRESS}" in (BASE / "deploy" / "Caddyfile").read_text()


def test_every_value_asked_for_stands_in_the_example() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", (BASE / "docker-compose.yml").read_text()))
    given = set(re.findall(r"^([A-Z_]+)=", (BASE / "deploy" / "example.env").read_text(), re.M))
    assert asked
    assert asked <= given


def test_every_service_has_a_health_check_and_waits_for_existing_ones() -> None:
    for name, service in SERVICES.items():
        assert service.get("healthcheck"), name
        for other, when in service.get("depends_on", {}).items():
            assert other in SERVICES
            if when["condition"] == "service_healthy":
                assert "test" in SERVICES[other]["healthcheck"]


def test_every_volume_is_declared_used_and_every_mounted_file_exists() -> None:
    used = set()
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (BASE / source).exists()
            else:
                used.add(source)
    assert used == set(COMPOSE["volumes"])
    assert "VAR_DIR=/data" in DOCKERFILE
    assert "VOLUME /data" in DOCKERFILE


def test_image_is_built_in_stages_and_runs_without_power() -> None:
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.M)) == 2
    last = DOCKERFILE.rsplit("FROM ", 1)[1]
    assert re.search(r"^USER portal$", last, re.M)
    for source in re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.M):
        assert (BASE / source).exists()
    for name in OURS:
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert SERVICES[name]["read_only"] is True
