"""No Docker engine runs here: these hold the files' shape, against each other and against what they run."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import environ
import pytest
import yaml
from celery import current_app
from django.core.exceptions import ImproperlyConfigured

from duoplus import programs, stages
from duoplus.bootstrap import PANGO, ROOT
from duoplus.environment import read_mode

Service = dict[str, Any]

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Service] = COMPOSE["services"]
PORTAL = ["backup", "beat", "migrate", "web", "worker"]
ONCE = ["backup", "migrate"]
# Set by docker-compose.yml or the Dockerfile themselves; the queue parts installations that share one Redis.
NOT_FOR_ENV = {"DATABASE_URL", "REDIS_URL", "DUOPLUS_VAR", "MEDIA_ROOT", "CELERY_QUEUE"}


def words(command: list[str]) -> list[str]:
    """A command from its program on, with the defaults of its variables: which Python runs it is another matter."""
    filled = [re.sub(r"\$\{\w+:-(\w+)\}", r"\1", word) for word in command]
    return filled[next(place for place, word in enumerate(filled) if word in ("celery", "gunicorn")) :]


def pairs(command: list[str]) -> dict[str, str]:
    """The options of gunicorn that have a value."""
    return {word: after for word, after in pairwise(command) if after[:2] != "--"}


# --- docker-compose.yml -----------------------------------------------------------------------------------------------
def test_services() -> None:
    assert sorted(SERVICES) == sorted([*PORTAL, "postgres", "redis"])
    assert [name for name, service in SERVICES.items() if "build" in service] == ["web"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_pinned_watched_and_bounded(name: str) -> None:
    service = SERVICES[name]
    image, _, tag = service["image"].partition(":")
    assert image
    assert tag not in ("", "latest")
    assert service["restart"] == ("no" if name in ONCE else "unless-stopped")
    assert service["healthcheck"].get("disable", False) == (name in ONCE)
    assert name in ONCE or service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert service["mem_limit"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", PORTAL)
def test_the_portal_writes_in_volumes_only_and_may_nothing(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert [place.split(":")[0] for place in service["tmpfs"]] == ["/tmp"]  # noqa: S108  inside the container
    assert service["init"] is True
    assert service["pull_policy"] == "never"


def test_only_the_web_server_is_published_and_only_on_the_loopback() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:${PORT:-8000}:8000"]
    }
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["web", "worker"]
    assert all("inside" in service["networks"] for service in SERVICES.values())


def test_volumes_are_declared_and_shared_as_they_must() -> None:
    used: dict[str, list[str]] = {}
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            used.setdefault(volume, []).append(name)
    assert used == {
        "media:/var/lib/duoplus/media": ["web", "worker", "backup"],
        "backup:/var/lib/duoplus/backup": ["backup"],
        "database:/var/lib/postgresql/data": ["postgres"],
        "redis:/data": ["redis"],
    }
    assert set(COMPOSE["volumes"]) == {volume.split(":")[0] for volume in used}


def test_what_is_needed_starts_first_and_stops_last() -> None:
    database = {"postgres": {"condition": "service_healthy"}}
    migrated = {**database, "migrate": {"condition": "service_completed_successfully"}}
    with_broker = {**migrated, "redis": {"condition": "service_healthy"}}
    assert {name: service["depends_on"] for name, service in SERVICES.items() if "depends_on" in service} == {
        "web": migrated,
        "worker": with_broker,
        "beat": with_broker,
        "migrate": database,
        "backup": database,
    }


def test_redis_forgets_nothing() -> None:
    command = SERVICES["redis"]["command"]
    assert command[0] == "redis-server"
    assert dict(zip(command[1::2], command[2::2], strict=True)) == {
        "--appendonly": "yes",
        "--save": "",
        "--maxmemory": "256mb",
        "--maxmemory-policy": "noeviction",
    }


# --- what it runs -----------------------------------------------------------------------------------------------------
def test_web_is_the_program_of_this_machine_but_for_its_size() -> None:
    here, there = words(programs.web("0.0.0.0", 8000)), words(SERVICES["web"]["command"])  # noqa: S104  a container
    assert pairs(there) == pairs(here) | {"--workers": "4", "--graceful-timeout": "30"}
    assert [word for word in there if word[:2] == "--"] == [word for word in here if word[:2] == "--"]
    assert seconds(SERVICES["web"]["stop_grace_period"]) > 30


def test_worker_is_the_program_of_this_machine() -> None:
    assert words(SERVICES["worker"]["command"]) == words(programs.worker(scheduler=False))


def test_image_starts_the_web_server_of_the_compose_file() -> None:
    assert words(json.loads(last("CMD"))) == words(SERVICES["web"]["command"])
    assert json.loads(last("HEALTHCHECK").partition(" CMD ")[2]) == SERVICES["web"]["healthcheck"]["test"][1:]


def test_worker_may_end_its_longest_job() -> None:
    current_app.loader.import_default_modules()
    longest = max(task.time_limit or 0 for task in current_app.tasks.values())
    assert seconds(SERVICES["worker"]["stop_grace_period"]) > longest >= 600


def test_worker_has_the_memory_that_its_processes_may_use() -> None:
    values = dict(example())
    needed = int(values["WORKER_PROCESSES"]) * int(values["JOB_MEMORY_LIMIT_MIB"])
    assert needed < int(values["WORKER_MEMORY"].removesuffix("g")) * 1024


def test_commands_are_programs_and_take_signals_themselves() -> None:
    for name in PORTAL:
        assert SERVICES[name]["command"][0] == "python", name
    for name in ONCE:
        arguments = SERVICES[name]["command"][1:]
        assert (ROOT / arguments[0]).name == "manage.py"
        done = subprocess.run(
            [sys.executable, *arguments, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def seconds(period: str) -> int:
    return int(period[:-1]) * {"s": 1, "m": 60}[period[-1]]


# --- .env.example -----------------------------------------------------------------------------------------------------
def example() -> Iterator[tuple[str, str]]:
    """What .env.example sets, and what it shows as the default."""
    for line in (ROOT / ".env.example").read_text().splitlines():
        match = re.fullmatch(r"(?:# )?([A-Z_]+)=(.*)", line)
        if match:
            yield match[1], match[2]


def required() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def in_compose() -> dict[str, str]:
    """The variables of docker-compose.yml with their defaults; a required one has none."""
    found = re.findall(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)\}", (ROOT / "docker-compose.yml").read_text())
    return dict(found)


def in_settings() -> set[str]:
    """The variables that the settings read."""
    sources = [(ROOT / "duoplus" / name).read_text() for name in ("settings.py", "environment.py")]
    return {name for source in sources for name in re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)}


def test_every_variable_is_explained_and_every_explained_one_is_read() -> None:
    explained = [name for name, _ in example()]
    assert len(explained) == len(set(explained))
    assert set(explained) == in_settings() - NOT_FOR_ENV | set(in_compose())
    assert in_settings() >= NOT_FOR_ENV


def test_every_variable_of_the_settings_is_in_the_manual() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text()
    assert [name for name in sorted(in_settings()) if f"`{name}`" not in manual] == []


def test_defaults_that_the_example_shows_are_those_of_the_compose_file() -> None:
    shown = dict(example())
    optional = {name: default for name, default in in_compose().items() if name not in required()}
    assert {name: shown[name] for name in optional} == optional


def test_secrets_are_asked_for_and_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = required()
    assert (given["SECRET_KEY"], given["POSTGRES_PASSWORD"]) == ("", "")
    assert "${POSTGRES_PASSWORD:?" in SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"]
    for name, value in (given | SERVICES["web"]["environment"]).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=r"^Set SECRET_KEY: required"):
        read_mode(environ.Env(), tmp_path)


def test_portal_starts_with_the_example_filled_in(tmp_path: Path) -> None:
    filled = required() | {"SECRET_KEY": "0123456789abcdef" * 4, "POSTGRES_PASSWORD": "feedbeef"}
    given = {name: value.split("${")[0] + "x" for name, value in SERVICES["web"]["environment"].items()}
    filled |= {**given, "DATABASE_URL": "postgres://duoplus:feedbeef@postgres:5432/duoplus"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DUOPLUS_VAR": str(tmp_path), **filled},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


# --- Dockerfile -------------------------------------------------------------------------------------------------------
def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, with continued lines joined."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line and line[0] != "#"]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in joined.splitlines()]


def last(name: str) -> str:
    return [value for instruction, value in instructions() if instruction == name][-1]


def final_stage() -> str:
    return (ROOT / "Dockerfile").read_text().rsplit("\nFROM ", 1)[1]


def test_image_is_built_from_a_pinned_one_in_two_stages() -> None:
    assert [value for name, value in instructions() if name == "ARG"] == ["PYTHON=python:3.11-slim-bookworm"]
    assert [value for name, value in instructions() if name == "FROM"] == ["${PYTHON} AS build", "${PYTHON}"]
    assert not re.search(r"gcc|build-essential|pip install|-dev\b", final_stage())


def test_image_runs_as_nobody_in_particular() -> None:
    uid, _, gid = last("USER").partition(":")
    assert int(uid) == int(gid) == 10001
    assert f"--uid {uid}" in final_stage()


def test_image_has_the_libraries_and_programs_that_the_portal_needs() -> None:
    installed = re.search(r"--no-install-recommends ([\w.+ -]+?) &&", dict(instructions())["RUN"])
    assert installed is not None
    assert installed[1].split() == [*(library.package for library in PANGO), "postgresql-client-15"]
    assert SERVICES["postgres"]["image"].startswith("postgres:15")


def test_libraries_in_the_image_are_hashed() -> None:
    installing = [value for name, value in instructions() if name == "RUN" and "pip install" in value]
    assert installing == ["pip install --require-hashes -r requirements.txt"]


def test_volumes_are_made_in_the_image_for_who_runs_there() -> None:
    """A new volume takes its owner from the folder that it covers."""
    made = re.search(r"install -d -o duoplus -g duoplus -m 0750 (.+)$", dict(instructions())["RUN"])
    assert made is not None
    volumes = {volume for name in PORTAL for volume in SERVICES[name].get("volumes", [])}
    assert set(made[1].split()) == {volume.split(":")[1] for volume in volumes}


def test_only_what_runs_goes_into_the_image() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert [line for line in lines if line[0] not in "#!"] == ["*", "**/__pycache__"]
    let_in = {line[1:] for line in lines if line[0] == "!"}
    apps = {"accounts", "duoplus", "investments", "jobs", "library", "publishing", "reports"}
    assert let_in == apps | {"static", "templates", "manage.py", "requirements.txt"}
    assert all((ROOT / name).exists() for name in let_in)


# --- libraries --------------------------------------------------------------------------------------------------------
def pinned(name: str) -> dict[str, tuple[str, set[str]]]:
    """Version and hashes of each library in a list of requirements."""
    joined = re.sub(r"\s*\\\n\s*", " ", (ROOT / name).read_text())
    lines = [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]
    found = [re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)(?: ; [^-]+?)?((?: --hash=sha256:\w{64})+)", line)
             for line in lines]  # fmt: skip
    assert None not in found, [line[:80] for line, match in zip(lines, found, strict=True) if match is None]
    return {match[1]: (match[2], set(re.findall(r"sha256:(\w+)", match[3]))) for match in found if match}


def test_every_library_is_pinned_with_its_hashes() -> None:
    run, develop = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert {"django", "celery", "weasyprint", "gunicorn"} <= set(run)
    assert {"pytest", "cyclonedx-bom"} <= set(develop)
    assert {name for name in run.keys() & develop.keys() if run[name] != develop[name]} == set()


def test_list_of_what_the_portal_runs_on_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "sbom.json"
    assert stages.run(stages.sbom_stage(place)).passed
    bom = json.loads(place.read_text())
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    listed = {
        component["name"]: (
            component["version"],
            {each["content"] for place in component["externalReferences"] for each in place["hashes"]},
        )
        for component in bom["components"]
    }
    assert listed == pinned("requirements.txt")
    assert bom["metadata"]["component"]["name"] == "duoplus"
    # Neither the moment nor a number: equal pins give an equal file.
    assert "serialNumber" not in bom
    assert "timestamp" not in bom["metadata"]
