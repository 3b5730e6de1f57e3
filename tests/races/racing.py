"""Several people at once: threads with connections of their own, let go at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from accounts.errors import Conflict, Refused

Call = Callable[[], object]


def together(*calls: Call) -> list[object]:
    """What each call returned, or the Conflict or Refused that it raised; any other exception is raised here."""
    start = threading.Barrier(len(calls))

    def run(call: Call) -> object:
        try:
            start.wait()
            return call()
        except (Conflict, Refused) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        ends = [pool.submit(run, call) for call in calls]
    return [end.result() for end in ends]


def succeeded(end: object) -> bool:
    """Whether a call did what it was asked to do."""
    return not isinstance(end, Conflict | Refused)
