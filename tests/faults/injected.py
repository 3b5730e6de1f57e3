"""Loaded by the tests' worker: makes a render stop in its middle, or find no room, when a flag says so."""

import os
import resource
import time
from typing import Any

from django.conf import settings

from publishing import pdf
from tests.faults.flags import flag

# Bytes: more than nothing, so that half a file is written, and less than any PDF.
ROOM = 4096
real: Any = pdf.render


def render(*arguments: Any) -> Any:
    """The real thing, with what the flags ask for."""
    *others, report_progress = arguments

    def report(progress: int, step: str) -> None:
        report_progress(progress, step)
        if step == "Pagina 5 opmaken" and flag("hold").exists():
            hold()
        if progress == pdf.WRITING and flag("full").exists():
            resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))

    return real(*others, report)


def hold() -> None:
    """Say for which process of the pool this one works, and wait."""
    flag("hold").write_text(str(os.getppid()))
    flag("hold").rename(flag("held"))
    while flag("held").exists():
        time.sleep(0.02)


vars(pdf)["render"] = render
if settings.EMBEDDED and "SECONDS_FOR_A_LOCK" in os.environ:
    settings.DATABASES["default"]["OPTIONS"]["timeout"] = int(os.environ["SECONDS_FOR_A_LOCK"])  # type: ignore[index]
