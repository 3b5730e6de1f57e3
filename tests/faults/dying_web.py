"""A web process that is killed between the commit and the doorbell."""

import os
import signal

from duoplus.wsgi import application
from jobs import actions

__all__ = ["application"]


def die(job_id: int, kind: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


actions.ring = die
