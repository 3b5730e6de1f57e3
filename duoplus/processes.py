"""Child processes that never outlive this one: restarted when they die, stopped as whole groups.

Run as a file without arguments this is the guard: a process that knows every group and kills them all as soon as its
standard input ends, which happens however the parent dies, by SIGKILL too. With arguments it tells the guard its own
group and becomes the program that is named. Standard library only, so that both start at once.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
# A child that lived this long (seconds) had a good start: the next restart waits the shortest time again.
GOOD_LIFE = 60.0
SELF = (sys.executable, "-I", "-S", __file__)


@dataclass
class Child:
    """One running program, by name, and how long (seconds) a restart waits."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes]
    started: float
    delay: float = FIRST_DELAY
    restart_at: float | None = None


class Children:
    """A context in which children run; leaving it stops them and whatever they started themselves."""

    def __init__(self, folder: Path, log: Callable[[str], None] = print, patience: float = 10.0) -> None:
        self.folder = folder
        self.log = log
        self.patience = patience
        self.children: dict[str, Child] = {}
        end, self.pipe = os.pipe()
        self.guard = subprocess.Popen(SELF, stdin=end, stdout=subprocess.DEVNULL, start_new_session=True)
        os.close(end)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a program that `tend` keeps alive until `stop`."""
        self.children[name] = Child(name, command, self.spawn(command), time.monotonic())

    def spawn(
        self, command: Sequence[str], environment: Mapping[str, str] | None = None, stderr: int | None = None
    ) -> subprocess.Popen[bytes]:
        """A program as leader of its own group, known to the guard before its first instruction."""
        return subprocess.Popen(
            [*SELF, str(self.pipe), *command],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
            pass_fds=(self.pipe,),
        )

    def run(self, command: Sequence[str]) -> int:
        """Run a program to its end while the children are tended; its exit status."""
        process = self.spawn(command)
        try:
            while process.poll() is None:
                self.tend()
                time.sleep(0.1)
        finally:
            self.bury(process)
        return process.returncode

    def ask(self, command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, list[str]]:
        """Run a program to its end in this environment; its exit status and the lines it complained in."""
        process = self.spawn(command, environment, subprocess.PIPE)
        try:
            _, complaints = process.communicate()
        finally:
            self.bury(process)
        return process.returncode, complaints.decode(errors="replace").strip().splitlines()

    def tend(self) -> None:
        """Restart what died, each time later: 1, 2, 4 ... 30 seconds."""
        now = time.monotonic()
        for child in self.children.values():
            if child.restart_at is not None and now >= child.restart_at:
                child.process, child.started, child.restart_at = self.spawn(child.command), now, None
            elif child.restart_at is None and child.process.poll() is not None:
                if now - child.started > GOOD_LIFE:
                    child.delay = FIRST_DELAY
                self.bury(child.process)
                self.log(f"{child.name} ended ({ending(child.process.returncode)}); again in {child.delay:.0f} s")
                child.restart_at = now + child.delay
                child.delay = min(child.delay * 2, LONGEST_DELAY)

    def ended(self, name: str) -> bool:
        """Whether a child is dead now, waiting for its restart or not yet noticed."""
        return self.children[name].process.poll() is not None

    def bury(self, process: subprocess.Popen[bytes]) -> None:
        """Kill what is left of a group, reap its leader and let the guard forget the number."""
        kill_group(process.pid)
        process.wait()
        with suppress(BrokenPipeError):
            os.write(self.pipe, b"-%d\n" % process.pid)

    def stop(self) -> None:
        """Ask all to end, wait at most `patience` seconds together, kill the rest; a second Ctrl-C kills now."""
        running = [child.process for child in self.children.values() if child.restart_at is None]
        self.children.clear()
        try:
            for process in running:
                process.terminate()
            wait_for(running, self.patience)
        except KeyboardInterrupt:
            pass
        finally:
            for process in running:
                self.bury(process)
            os.close(self.pipe)
            self.guard.wait()


def announce_and_become(pipe: int, command: Sequence[str]) -> None:
    """Tell the guard of this group, then run the program: no moment is left in which the guard does not know it."""
    os.write(pipe, b"+%d\n" % os.getpid())
    os.close(pipe)
    os.execvp(command[0], [*command])


def wait_for(processes: Iterable[subprocess.Popen[bytes]], patience: float) -> None:
    """Wait until all have ended, or `patience` seconds have gone by."""
    until = time.monotonic() + patience
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))


def ending(status: int) -> str:
    """How a process ended, in words: `exit 1` or the name of a signal."""
    return f"exit {status}" if status >= 0 else signal.Signals(-status).name


def kill_group(group: int) -> None:
    """Kill every process of a group that is still there."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def guard(lines: Iterable[str]) -> None:
    """Keep the list of groups (`+12` adds, `-12` removes); kill what is on it when the lines end."""
    groups: set[int] = set()
    for line in lines:
        if line.startswith("+"):
            groups.add(int(line))
        else:
            groups.discard(-int(line))
    for group in groups:
        kill_group(group)


if __name__ == "__main__":
    if sys.argv[1:]:
        announce_and_become(int(sys.argv[1]), sys.argv[2:])
    guard(sys.stdin)
