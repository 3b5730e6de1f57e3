"""Work in a process of its own: it may take too long, grow too large or crash, and whoever asked for it lives on."""

import errno
import gc
import logging
import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn, Self

logger = logging.getLogger(__name__)

Report = Callable[[int, str], None]
Work = Callable[[Report], int]

SCRATCH = "duoplus-scratch-"
CRASHES = {-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL, -signal.SIGFPE}


class TookTooLong(Exception):
    """The work was ended when its time was over."""


class Crashed(Exception):
    """A library broke: most that are written in C do so when they get no memory."""


class Running:
    """Work in a fork of this process."""

    def __init__(self, process: int, receiver: Connection) -> None:
        self._process = process
        self._receiver = receiver
        self._status: int | None = None

    def number(self, report_progress: Report) -> int:
        """Wait for the number that the work returns. What it reports, also before, comes to `report_progress` here.

        Raises what that raises, what the work raised (also MemoryError), TookTooLong, Crashed, and RuntimeError when it
        was killed.
        """
        number = _followed(self._receiver, report_progress)
        if number is None:
            raise _ending(self.end())
        return number

    def end(self) -> int:
        """End the process, if it has not ended yet; its status."""
        if self._status is None:
            os.kill(self._process, signal.SIGKILL)
            self._status = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        return self._status


@contextmanager
def started(work: Work, *, seconds: float) -> Iterator[Running]:
    """Begin `work` in a fork of this process; it ends with the block, and with this process.

    The work must leave the database alone: the fork has this process's connection.
    """
    with scratch_folder() as folder:
        receiver, sender = Pipe(duplex=False)
        # Not by multiprocessing, which gives no children to a process of Celery's pool.
        process = os.fork()
        if process == 0:
            receiver.close()
            _work(work, seconds, folder, sender)
        sender.close()
        running = Running(process, receiver)
        try:
            with receiver:
                yield running
        finally:
            running.end()


class Gate:
    """Where work that was started waits until the process that started it opens, or ends."""

    def __init__(self) -> None:
        self._inside, self._outside = os.pipe()
        self._is_open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.open()
        os.close(self._inside)

    def open(self) -> None:
        """Let the work go on."""
        if not self._is_open:
            self._is_open = True
            os.close(self._outside)

    def wait(self) -> None:
        """In the work: meanwhile its time stands still."""
        os.close(self._outside)
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        os.read(self._inside, 1)
        signal.setitimer(signal.ITIMER_REAL, left)


def _ending(status: int) -> Exception:
    """What it means that the process ended without telling its number."""
    if status == -signal.SIGALRM:
        return TookTooLong()
    if status in CRASHES:
        return Crashed(status)
    return RuntimeError(f"the process of the work ended with status {status}")


def _followed(receiver: Connection, report_progress: Report) -> int | None:
    """Pass on progress until the number comes; None when the process ends without it."""
    while True:
        try:
            message: int | tuple[int, str] | Exception = receiver.recv()
        except EOFError:
            return None
        if isinstance(message, Exception):
            raise message
        if isinstance(message, int):
            return message
        report_progress(*message)


def _work(work: Work, seconds: float, folder: Path, sender: Connection) -> NoReturn:
    """In the fork. A parent that died has closed its end of the pipe: the next report ends the work."""
    try:
        tempfile.tempdir = str(folder)
        # A process that ends soon need not look for garbage: that takes a fifth of the time of making a PDF.
        gc.disable()
        # A crash leaves no image of memory behind: those fill disks, and hold what is not yet public.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _listen_to_no_signal()
        signal.setitimer(signal.ITIMER_REAL, seconds)
        sender.send(_outcome(work, lambda progress, step: sender.send((progress, step))))
    except BrokenPipeError:
        os._exit(1)
    except BaseException:
        logger.exception("work in a process of its own could not tell how it ended")
        os._exit(1)
    os._exit(0)


def _listen_to_no_signal() -> None:
    """Let signals end this process. Celery handles some that libraries crash by, which would go on and on crashing."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)


def _outcome(work: Work, report_progress: Report) -> int | Exception:
    try:
        return work(report_progress)
    except MemoryError:
        # Without its traceback, which holds on to all that was made.
        return MemoryError()
    except Exception as error:  # noqa: BLE001  whoever asked gets it
        return error


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for temporary files, which goes afterwards, together with those of processes that were killed."""
    for abandoned in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        process = abandoned.name.removeprefix(SCRATCH).split("-")[0]
        if process.isdecimal() and not _is_alive(int(process)):
            shutil.rmtree(abandoned, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{SCRATCH}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError as error:
        return error.errno != errno.ESRCH
    return True
