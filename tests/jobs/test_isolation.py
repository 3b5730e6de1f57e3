import faulthandler
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from jobs.isolation import SCRATCH, Crashed, Gate, Report, TookTooLong, scratch_folder, started
from tests import workers

# Begins to work for ever, and says as which process.
ORPHAN = """
import os, sys, time
from pathlib import Path
from jobs.isolation import started
def work(report):
    Path(sys.argv[1]).write_text(str(os.getpid()))
    while True:
        report(1, "Bezig")
        time.sleep(0.02)
with started(work, seconds=60) as running:
    running.number(lambda *_: None)
"""


def quiet(progress: int, step: str) -> None:
    """Progress that nobody follows."""


def alone(work: Callable[[Report], int], seconds: float = 60) -> int:
    return followed(work, quiet, seconds)


def followed(work: Callable[[Report], int], report_progress: Report, seconds: float = 60) -> int:
    with started(work, seconds=seconds) as running:
        return running.number(report_progress)


def sleep(report: Report) -> int:
    """Work that takes far too long."""
    time.sleep(60)
    return 0


def end_by(number: signal.Signals, report: Report) -> int:
    """Work whose process gets a signal."""
    os.kill(os.getpid(), number)
    return 0


def wait_for_end_of(process: int) -> None:
    until = time.monotonic() + workers.PATIENCE
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < until, "the process works on"
        time.sleep(0.02)


def test_progress_and_number_come_from_another_process() -> None:
    told: list[tuple[int, str]] = []

    def work(report: Report) -> int:
        report(10, "Pagina’s opmaken")
        report(85, "Schrijven")
        return os.getpid()

    assert followed(work, lambda *step: told.append(step)) != os.getpid()
    assert told == [(10, "Pagina’s opmaken"), (85, "Schrijven")]


def test_error_of_the_work_is_raised_here() -> None:
    def work(report: Report) -> int:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left") as raised:
        alone(work)
    assert raised.value.errno == 28


def test_work_that_grows_too_large_is_a_memory_error_and_harms_nobody() -> None:
    def work(report: Report) -> int:
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
        return len(bytearray(2**31))

    with pytest.raises(MemoryError):
        alone(work)


def test_work_is_ended_when_its_time_is_over() -> None:
    with pytest.raises(TookTooLong):
        alone(sleep, seconds=0.2)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGTRAP])
def test_crash_is_told_from_other_ends(number: signal.Signals) -> None:
    def work(report: Report) -> int:
        faulthandler.disable()
        os.kill(os.getpid(), number)
        return 0

    with pytest.raises(Crashed):
        alone(work)


def test_crash_that_this_process_would_handle_ends_the_work() -> None:
    before = signal.signal(signal.SIGTRAP, lambda *_: None)
    try:
        with pytest.raises(Crashed):
            alone(partial(end_by, signal.SIGTRAP))
    finally:
        signal.signal(signal.SIGTRAP, before)


def test_process_that_is_killed_may_be_tried_again() -> None:
    with pytest.raises(RuntimeError, match="status -9"):
        alone(partial(end_by, signal.SIGKILL))


def test_error_that_cannot_be_handed_over_is_an_error_still() -> None:
    class Local(Exception):
        pass

    def work(report: Report) -> int:
        raise Local

    with pytest.raises(RuntimeError, match="status 1"):
        alone(work)


def test_what_progress_raises_ends_the_work() -> None:
    class LeaseLost(Exception):
        pass

    found: list[int] = []

    def lose(process: int, step: str) -> None:
        found.append(process)
        raise LeaseLost

    def work(report: Report) -> int:
        report(os.getpid(), "Bezig")
        time.sleep(60)
        return 0

    with pytest.raises(LeaseLost):
        followed(work, lose)
    assert not Path(f"/proc/{found[0]}").exists()


def test_work_ends_with_the_process_that_asked_for_it(tmp_path: Path) -> None:
    note = tmp_path / "process"
    asking = subprocess.Popen([sys.executable, "-c", ORPHAN, str(note)], cwd=settings.BASE_DIR)
    working = int(workers.written_in(note))
    asking.kill()
    asking.wait()
    wait_for_end_of(working)


# --- work that goes on beside this process ----------------------------------------------------------------------------
def test_work_waits_at_the_gate_and_its_time_stands_still(tmp_path: Path) -> None:
    made = tmp_path / "made"
    with Gate() as gate:

        def work(report: Report) -> int:
            gate.wait()
            return int(made.read_text())

        with started(work, seconds=0.3) as running:
            time.sleep(0.5)
            made.write_text("7")
            gate.open()
            assert running.number(quiet) == 7


def test_work_has_its_time_again_behind_the_gate() -> None:
    with Gate() as gate:

        def work(report: Report) -> int:
            gate.wait()
            return sleep(report)

        with started(work, seconds=0.2) as running:
            gate.open()
            with pytest.raises(TookTooLong):
                running.number(quiet)


def test_work_ends_with_its_block_although_the_gate_stays_shut(tmp_path: Path) -> None:
    note = tmp_path / "process"
    with Gate() as gate:

        def work(report: Report) -> int:
            note.write_text(str(os.getpid()))
            gate.wait()
            return 0

        with started(work, seconds=60):
            working = int(workers.written_in(note))
    assert not Path(f"/proc/{working}").exists()


# --- temporary files --------------------------------------------------------------------------------------------------
def test_temporary_files_go_with_the_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def work(report: Report) -> int:
        Path(tempfile.mkdtemp(), "font").write_text("a font")
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    with pytest.raises(RuntimeError):
        alone(work)
    assert list(tmp_path.iterdir()) == []


def test_folders_of_processes_that_are_gone_go_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for process in (gone.pid, os.getpid(), 1):
        (tmp_path / f"{SCRATCH}{process}-abc").mkdir()
    for name in ("of-somebody-else", f"{SCRATCH}of-nobody"):
        (tmp_path / name).mkdir()
    with scratch_folder() as folder:
        assert folder.is_dir()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(
        [f"{SCRATCH}{os.getpid()}-abc", f"{SCRATCH}1-abc", f"{SCRATCH}of-nobody", "of-somebody-else"]
    )
