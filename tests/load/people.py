"""What people do under load, for locust: each logs in once, and then reads and writes with pauses to think.

One of them is a director who compiles one edition after the other; each differs from the last, since people write.
"""

import json
import os
import random
import re
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from locust import FastHttpUser, between, constant, events, task
from locust.env import Environment

EVERYBODY: list[dict[str, Any]] = json.loads(Path(os.environ["LOAD_PEOPLE"]).read_text())
COMPILING = next(person for person in EVERYBODY if person["role"] == "director")
OTHERS = iter([person for person in EVERYBODY if person is not COMPILING])
SUMMARY = Path(os.environ["LOAD_SUMMARY"])
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')
PDF = re.compile(r'href="([^"]+/pdf/)"')
chance = random.Random(2020)  # noqa: S311  who reads what is no secret
ALL = "alles"
WRITERS = {"controller", "team_lead"}
# Three in four people write. A save takes two requests, its page first: with this share of their turns,
# one request in five of everybody's is a save.
SAVES_OF_WRITERS = 0.34


compiled: list[float] = []
"""Seconds from the director's click to the file, for each edition."""


class Person(FastHttpUser):
    """One person at a screen, who logs in."""

    abstract = True
    person: dict[str, Any]

    def on_start(self) -> None:
        self.home = f"/{self.person['organisation']}/"
        page = self.client.get("/account/login/", name="inlogpagina")
        entry = {
            "login": self.person["email"],
            "password": self.person["password"],
            "csrfmiddlewaretoken": _found(TOKEN, page.text or ""),
        }
        with self.client.post("/account/login/", entry, name="inloggen", catch_response=True) as answer:
            if self.home not in str(answer.url):
                answer.failure(f"ended at {answer.url}")


class Director(Person):
    """Compiles, follows the progress as the page does, downloads, and begins again."""

    fixed_count = 1
    wait_time = constant(1)

    def on_start(self) -> None:
        self.person = COMPILING
        super().on_start()

    @task
    def compile(self) -> None:
        address = f"{self.home}rapporten/{self.person['report']}/samenstellen/"
        page = self.client.get(address, name="samenstellen").text or ""
        entry = {"draft": "yes", "csrfmiddlewaretoken": _found(TOKEN, page)}
        started = time.monotonic()
        answer = self.client.post(address, entry, name="editie maken")
        edition = str(answer.url)
        while (ready := PDF.search(answer.text or "")) is None:
            time.sleep(1)  # gevent's, by locust
            answer = self.client.get(f"{edition}voortgang/", name="voortgang")
        self.client.get(ready[1], name="pdf")
        compiled.append(time.monotonic() - started)


class Reader(Person):
    """Everybody else."""

    wait_time = between(5, 10)

    def on_start(self) -> None:
        self.person = next(OTHERS)
        super().on_start()

    @task
    def go_on(self) -> None:
        """A save now and then by those who write, else a page."""
        if self.person["role"] in WRITERS and chance.random() < SAVES_OF_WRITERS:
            self.save()
        else:
            self.read()

    def save(self) -> None:
        if self.person["role"] == "controller":
            self._save_row()
        else:
            self._save_section()

    def read(self) -> None:
        person = self.person
        pages = {
            "begin": "",
            "rapport": f"rapporten/{person['report']}/",
            "onderdeel": f"rapporten/onderdelen/{person['section']}/",
            "tabel": f"tabellen/{person['table']}/",
            "toelichtingen": f"tabellen/{person['table']}/toelichting/",
            "edities": "edities/",
        }
        if person["role"] == "team_lead":
            pages["schrijven"] = f"rapporten/onderdelen/{person['section']}/schrijven/"
            pages["mijn onderdelen"] = "mijn-onderdelen/"
        name = chance.choice(list(pages))
        self.client.get(self.home + pages[name], name=name)

    def _save_section(self) -> None:
        """What the editor does by itself, with the version that its page carries."""
        address = f"{self.home}rapporten/onderdelen/{self.person['section']}/"
        page = self.client.get(f"{address}schrijven/", name="schrijven").text or ""
        entry = {
            "version": _found(VERSION, page),
            "text": f"<p>Stand van zaken {uuid4().hex}.</p>" * 25,
            "csrfmiddlewaretoken": _found(TOKEN, page),
        }
        self._post(f"{address}vanzelf/", entry, "onderdeel opslaan")

    def _save_row(self) -> None:
        line = self.person["line"]
        page = self.client.get(f"{self.home}tabellen/{self.person['table']}/", name="tabel").text or ""
        row = page[page.index(f'<form id="regel-{line}"') :]
        entry = {
            "version": _found(VERSION, row),
            "line": str(line),
            "original": "1000",
            "actual": str(chance.randrange(100_000)),
            "csrfmiddlewaretoken": _found(TOKEN, page),
        }
        self._post(f"{self.home}tabellen/regels/{line}/opslaan/", entry, "regel opslaan", {"HX-Request": "true"})

    def _post(self, address: str, entry: dict[str, str], name: str, headers: dict[str, str] | None = None) -> None:
        self.client.post(address, entry, name=name, headers=headers or {})


def _found(pattern: re.Pattern[str], page: str) -> str:
    """What the page says; AssertionError when it is another page than was asked for."""
    match = pattern.search(page)
    assert match is not None, page[:500]
    return match[1]


def sum_up(environment: Environment, **_: Any) -> None:
    """Write down what was measured: milliseconds by kind of request, and seconds by edition."""
    entries = {name: entry for (name, _method), entry in environment.stats.entries.items()}
    rows = {
        name: {
            "requests": entry.num_requests,
            "errors": entry.num_failures,
            "p50": entry.get_response_time_percentile(0.5),
            "p95": entry.get_response_time_percentile(0.95),
            "p99": entry.get_response_time_percentile(0.99),
        }
        for name, entry in {**entries, ALL: environment.stats.total}.items()
    }
    SUMMARY.write_text(json.dumps({"rows": rows, "compiled": compiled}))


events.quitting.add_listener(sum_up)
