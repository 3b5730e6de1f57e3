"""`make load`: the whole portal on PostgreSQL and Redis with 350 people in it, on this machine's loopback.

They log in within one minute and then read and write, while a director compiles one edition after the other. Prints
p50, p95, p99 and errors per kind of request; ends with status 1 when an aim is missed. On a machine that does other
work at the same time the figures say little.
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from duoplus import programs
from duoplus.bootstrap import LOOPBACK, ROOT
from duoplus.processes import Children
from duoplus.servers import free_port, leave_empty, postgres_url, redis_url, wait_for
from duoplus.stages import OF_THE_PERSON, production

PEOPLE = 350
LOGIN_SECONDS = 60
SECONDS = int(os.environ.get("LOAD_SECONDS", "240"))
# Milliseconds, over everything that was asked; the page that answers a login is counted with the login.
AIMS = {"alles": 300, "inloggen": 2000}
NAMES = ("requests", "errors", "p50", "p95", "p99")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="duoplus-load-") as name, Children(ROOT) as children:
        folder = Path(name)
        database, broker = postgres_url(children, folder), redis_url(children, folder)
        own = production(database, broker, folder / "var") | {"MEDIA_ROOT": str(folder / "media")}
        for variable in OF_THE_PERSON:
            os.environ.pop(variable, None)
        os.environ.update(own, DJANGO_SETTINGS_MODULE="duoplus.settings", LOAD_PEOPLE=str(folder / "people.json"))
        os.environ["LOAD_SUMMARY"] = str(folder / "summary.json")
        create_database(database)
        try:
            with Children(ROOT) as portal:
                return measure(portal, folder)
        finally:
            drop_database(database)
            leave_empty(broker)


def measure(children: Children, folder: Path) -> int:
    """Fill the database, start the portal, let everybody in, print what it took."""
    for words in (("migrate", "--verbosity", "0"), ("collectstatic", "--noinput", "--verbosity", "0")):
        subprocess.run(programs.manage(*words), cwd=ROOT, check=True)
    populate(folder / "people.json")
    port = free_port()
    children.start("worker", programs.worker(scheduler=True))
    children.start("web", programs.web(LOOPBACK, port))
    wait_for("the portal", lambda: programs.answers(LOOPBACK, port, "/account/login/"))
    if children.run(locust(port)):
        return 1
    return tell(**json.loads((folder / "summary.json").read_text()))


def populate(target: Path) -> None:
    import django  # noqa: PLC0415  the environment must stand before the settings are read

    django.setup()
    from django.db import connection  # noqa: PLC0415

    from tests.load import population  # noqa: PLC0415

    population.build(target)
    connection.close()


def locust(port: int) -> list[str]:
    options = {
        "--locustfile": "tests/load/people.py",
        "--host": f"http://{LOOPBACK}:{port}",
        "--users": str(PEOPLE),
        "--spawn-rate": str(PEOPLE / LOGIN_SECONDS),
        "--run-time": str(SECONDS),
        "--loglevel": "WARNING",
    }
    words = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "locust", "--headless", "--only-summary", "--exit-code-on-error", "0", *words]


def tell(rows: dict[str, dict[str, float]], compiled: list[float]) -> int:
    """The table, and 1 when an aim is missed or anything failed; `compiled` has the seconds of each edition."""
    mean = sum(compiled) / max(len(compiled), 1)
    print(f"{len(compiled)} editions of 61 sections were compiled meanwhile, {mean:.1f} s each.")
    print(f"{'ms':<20}" + "".join(f"{name:>10}" for name in NAMES))
    for name, row in sorted(rows.items(), key=lambda item: item[0] == "alles"):
        print(f"{name:<20}" + "".join(f"{row[column]:>10.0f}" for column in NAMES))
    missed = [f"{name}: p95 over {limit} ms" for name, limit in AIMS.items() if rows[name]["p95"] > limit]
    if rows["alles"]["errors"]:
        missed.append("errors")
    print("Missed: " + "; ".join(missed) if missed else "All aims met.")
    return int(bool(missed))


# --- an own database --------------------------------------------------------------------------------------------------
def create_database(url: str) -> None:
    _administer(url, "CREATE DATABASE")


def drop_database(url: str) -> None:
    _administer(url, "DROP DATABASE", "WITH (FORCE)")


def _administer(url: str, what: str, how: str = "") -> None:
    """Statements that stand outside every database, asked of the one that always is there."""
    parts = urlsplit(url)
    with closing(psycopg2.connect(parts._replace(path="/postgres").geturl())) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'{what} "{parts.path[1:]}" {how}')


if __name__ == "__main__":
    sys.exit(main())
