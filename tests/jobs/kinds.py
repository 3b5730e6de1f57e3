"""Kinds of work that only the tests' worker knows; what they saw stands in a file beside its database."""

import json
import os
import resource
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from jobs.actions import Claim
from jobs.running import AUTOGROUP, CannotBeDone, job_task
from publishing import pdf, stamping


def note(kind: str, subject_id: int) -> Path:
    """Where an attempt writes."""
    path: Path = settings.VAR / f"{kind}-{subject_id}"
    return path


def _write(kind: str, held: Claim, text: str) -> None:
    """In one step: the test reads a whole note or none."""
    beside = note(f".{kind}", held.subject_id)
    beside.write_text(text)
    beside.replace(note(kind, held.subject_id))


@job_task("tests.stall", time_limit=60)
def stall(held: Claim) -> None:
    """The first attempt says which process it is and goes on until that is killed; the second is done at once."""
    if not note("stall", held.subject_id).exists():
        _write("stall", held, str(os.getpid()))
        time.sleep(60)


@job_task("tests.die", time_limit=60)
def die(held: Claim) -> None:
    """Every attempt ends its process, as a crash in a library would."""
    os._exit(3)


@job_task("tests.overrun", time_limit=1)
def overrun(held: Claim) -> None:
    """Every attempt takes longer than it may."""
    time.sleep(60)


@job_task("tests.describe", time_limit=60)
def describe(held: Claim) -> None:
    """Say what this process is."""
    seen = {
        "memory": resource.getrlimit(resource.RLIMIT_AS),
        "fonts and letters": [pdf._fonts.cache_info().currsize, stamping.cut.cache_info().currsize],
        "parent": os.getppid(),
        "niceness": os.nice(0) - os.getpriority(os.PRIO_PROCESS, os.getppid()),
        "niceness of the session": int(AUTOGROUP.read_text().split()[-1]) if AUTOGROUP.exists() else os.nice(0),
    }
    _write("describe", held, json.dumps(seen))


@job_task("tests.grow", time_limit=60)
def grow(held: Claim) -> None:
    """Ask for more memory than the limit allows."""
    try:
        len(bytearray(settings.JOB_MEMORY_LIMIT_MIB * 2**20))
    except MemoryError as error:
        raise CannotBeDone("Te groot.") from error


SPILLED = "Vertrouwelijk: tekort van 3 miljoen"


@job_task("tests.spill", time_limit=60)
def spill(held: Claim) -> None:
    """Every attempt fails on an error of the database that quotes a value."""
    quoting = {"postgresql": "SELECT CAST(%s AS integer)", "sqlite": "SELECT json_extract('{}', %s)"}
    with connection.cursor() as cursor:
        cursor.execute(quoting[connection.vendor], [SPILLED])
