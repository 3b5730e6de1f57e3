"""PostgreSQL and Redis for the tests: those that answer on this machine, else own ones that live as long as the run.

`TEST_DATABASE_URL` and `TEST_REDIS_URL` name others, for instance ones that ask for a password.
"""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg2
import redis

from duoplus.bootstrap import LOOPBACK, Refusal, apt_command, apt_install, may_install
from duoplus.processes import Children

POSTGRES_PORT = 5432
REDIS_PORT = 6379
START_WITHIN = 30.0
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


# --- PostgreSQL -------------------------------------------------------------------------------------------------------
def postgres_url(children: Children, folder: Path) -> str:
    """A server on which test databases can be made; Refusal when there is none and none can be started.

    The database in the URL need not exist: Django makes `test_` before its name, and the name holds our process id,
    so that two runs on one machine do not meet.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    name = f"duoplus_{os.getpid()}"
    for user in ("postgres", getpass.getuser()):
        if can_create_databases(user, POSTGRES_PORT):
            return f"postgres://{user}@{LOOPBACK}:{POSTGRES_PORT}/{name}"
    port = start_postgres(children, folder / "postgres")
    return f"postgres://postgres@{LOOPBACK}:{port}/{name}"


def can_create_databases(user: str, port: int) -> bool:
    """Whether this user gets in without a password and may make databases."""
    question = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        connection = psycopg2.connect(host=LOOPBACK, port=port, user=user, dbname="postgres", connect_timeout=3)
    except psycopg2.OperationalError:
        return False
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(question)
        row: tuple[bool] | None = cursor.fetchone()
        return row == (True,)


def start_postgres(children: Children, data: Path) -> int:
    """Start an own server with its data in this folder; the port it listens on."""
    programs = require_program("initdb", "postgresql").parent
    owner: list[str] = []
    data.mkdir()
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root; the folder above must let its user through.
        owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        data.parent.chmod(0o711)
        shutil.chown(data, "postgres")
    making = [*owner, str(programs / "initdb"), "--pgdata", str(data), "--username", "postgres", "--auth", "trust"]
    making += ["--encoding", "UTF8", "--locale", "C", "--no-sync"]
    made = subprocess.run(making, capture_output=True, text=True, check=False, cwd="/")
    if made.returncode:
        raise Refusal(f"initdb failed: {made.stderr.strip().splitlines()[-1]}")
    port = free_port()
    serving = [*owner, str(programs / "postgres"), "-D", str(data), "-p", str(port), "-h", LOOPBACK, "-k", ""]
    # The data is thrown away afterwards: nothing needs to survive a power cut.
    children.start("PostgreSQL", [*serving, "-c", "fsync=off", "-c", "log_min_messages=fatal"])
    wait_for("PostgreSQL", lambda: can_create_databases("postgres", port))
    return port


# --- Redis ------------------------------------------------------------------------------------------------------------
def redis_url(children: Children, folder: Path) -> str:
    """An empty Redis database; Refusal when there is none and no server can be started."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        return given
    number = empty_redis_database(REDIS_PORT)
    if number is not None:
        return f"redis://{LOOPBACK}:{REDIS_PORT}/{number}"
    return f"redis://{LOOPBACK}:{start_redis(children, folder / 'redis')}/0"


def empty_redis_database(port: int) -> int | None:
    """The highest numbered database without keys; None when no server answers without a password, or all are used."""
    for number in range(15, 0, -1):
        try:
            with closing(redis.Redis(LOOPBACK, port, db=number, socket_connect_timeout=1, socket_timeout=3)) as client:
                if client.dbsize() == 0:
                    return number
        except redis.ConnectionError:
            return None
        except redis.ResponseError:
            continue
    return None


def leave_empty(url: str) -> None:
    """Take the tests' keys out of a database that was found empty; one that was named by its owner is left alone."""
    if url != os.environ.get("TEST_REDIS_URL"):
        with closing(redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=3)) as client:
            client.flushdb()


def start_redis(children: Children, folder: Path) -> int:
    """Start an own server that keeps nothing on disk; the port it listens on."""
    program = require_program("redis-server", "redis-server")
    folder.mkdir()
    port = free_port()
    serving = [str(program), "--bind", LOOPBACK, "--port", str(port), "--dir", str(folder)]
    children.start("Redis", [*serving, "--save", "", "--appendonly", "no", "--logfile", "redis.log"])
    wait_for("Redis", lambda: empty_redis_database(port) is not None)
    return port


# --- both -------------------------------------------------------------------------------------------------------------
def require_programs() -> None:
    """Both servers can be started here, if need be after installing them as root; Refusal otherwise."""
    require_program("initdb", "postgresql")
    require_program("redis-server", "redis-server")


def require_program(name: str, package: str) -> Path:
    """Where a server's program is, installed through apt as root; Refusal otherwise."""
    found = find_program(name)
    if found is None and may_install():
        apt_install([package])
        found = find_program(name)
    if found is None:
        raise Refusal(f"{name} is missing; type: sudo {apt_command([package])}")
    return found


def find_program(name: str) -> Path | None:
    """A program on the PATH, or where Debian keeps the newest PostgreSQL, which is not on it."""
    on_path = shutil.which(name)
    places = [Path(on_path)] if on_path else sorted(DEBIAN_POSTGRES.glob(f"*/bin/{name}"))
    return places[-1] if places else None


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(name: str, answers: Callable[[], bool]) -> None:
    """Return when the server answers; Refusal when it takes longer than `START_WITHIN` seconds."""
    until = time.monotonic() + START_WITHIN
    while not answers():
        if time.monotonic() > until:
            raise Refusal(f"{name} did not start within {START_WITHIN:.0f} seconds")
        time.sleep(0.1)
