import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from duoplus import processes
from duoplus.processes import Child, Children

pytestmark = pytest.mark.once


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for something that another process brings about."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def tend_until(children: Children, condition: Callable[[], bool]) -> None:
    """Tend the children until it has happened."""

    def tended() -> bool:
        children.tend()
        return condition()

    until(tended)


def alive(pid: int) -> bool:
    """Whether a process still runs; one that is dead and waits for its parent does not."""
    answer = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip()[:1] not in ("", "Z")


def numbers(path: Path) -> list[int]:
    """The process ids that a child has written down so far."""
    return [int(word) for word in path.read_text().split()] if path.exists() else []


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def children(tmp_path: Path, said: list[str]) -> Children:
    """For use in a `with`."""
    return Children(tmp_path, said.append)


FAMILY = ["sh", "-c", "sleep 60 & echo $$ $! > family; wait"]


def test_run_gives_the_status(children: Children) -> None:
    with children:
        assert children.run(["sh", "-c", "exit 3"]) == 3


def test_asking_tells_the_end_and_the_complaints(children: Children) -> None:
    with children:
        script = 'echo "$WORD" >&2; echo twice >&2; exit 4'
        assert children.ask(["sh", "-c", script], {"WORD": "said", "PATH": os.environ["PATH"]}) == (
            4,
            ["said", "twice"],
        )


def test_child_starts_in_the_folder_with_its_own_group(children: Children, tmp_path: Path) -> None:
    with children:
        assert children.run(["sh", "-c", "echo $$ > number; ps -o pgid= -p $$ >> number"]) == 0
    own, group = numbers(tmp_path / "number")
    assert own == group != os.getpgrp()


def test_leaving_ends_children_and_grandchildren(children: Children, tmp_path: Path) -> None:
    with children:
        children.start("family", FAMILY)
        until(lambda: len(numbers(tmp_path / "family")) == 2)
        assert all(map(alive, numbers(tmp_path / "family")))
    until(lambda: not any(map(alive, numbers(tmp_path / "family"))))
    assert children.guard.returncode == 0


def test_child_that_will_not_end_is_killed_after_the_patience(tmp_path: Path) -> None:
    with Children(tmp_path, patience=0.2) as children:
        children.start("stubborn", ["sh", "-c", "trap '' TERM; echo $$ > stubborn; while :; do sleep 0.1; done"])
        until(lambda: bool(numbers(tmp_path / "stubborn")))
        process = children.children["stubborn"].process
    assert process.returncode == -signal.SIGKILL


def test_dead_child_is_restarted_later_each_time(children: Children, said: list[str]) -> None:
    with children:
        children.start("web", ["sh", "-c", "exit 4"])
        tend_until(children, lambda: len(said) == 2)
    assert said == ["web ended (exit 4); again in 1 s", "web ended (exit 4); again in 2 s"]


def test_killed_child_is_named_with_its_signal(children: Children, said: list[str]) -> None:
    with children:
        children.start("worker", ["sleep", "60"])
        children.children["worker"].process.kill()
        until(lambda: children.ended("worker"))
        children.tend()
        tend_until(children, lambda: not children.ended("worker"))
    assert said == ["worker ended (SIGKILL); again in 1 s"]


def test_longest_wait_is_half_a_minute_and_a_good_life_makes_it_short_again(
    children: Children, said: list[str]
) -> None:
    with children:
        children.start("web", ["true"])
        child = children.children["web"]
        until(lambda: children.ended("web"))
        child.delay = 20.0
        children.tend()
        assert child.delay == 30.0
        restart_now(children, child)
        until(lambda: children.ended("web"))
        child.started -= 61
        children.tend()
    assert said == ["web ended (exit 0); again in 20 s", "web ended (exit 0); again in 1 s"]


def restart_now(children: Children, child: Child) -> None:
    child.restart_at = 0.0
    children.tend()


def test_orphans_of_a_dead_child_are_killed_before_its_restart(children: Children, tmp_path: Path) -> None:
    with children:
        children.start("family", FAMILY)
        until(lambda: len(numbers(tmp_path / "family")) == 2)
        _, grandchild = numbers(tmp_path / "family")
        children.children["family"].process.kill()
        until(lambda: children.ended("family"))
        children.tend()
        until(lambda: not alive(grandchild))


def test_nothing_is_left_when_the_parent_is_killed(tmp_path: Path) -> None:
    parent = f"""
import sys, time
from pathlib import Path
from duoplus.processes import Children
with Children(Path({str(tmp_path)!r})) as children:
    children.start("family", {FAMILY!r})
    time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", parent])
    until(lambda: len(numbers(tmp_path / "family")) == 2)
    process.kill()
    process.wait()
    until(lambda: not any(map(alive, numbers(tmp_path / "family"))))


def test_guard_forgets_a_group_that_was_buried(tmp_path: Path) -> None:
    kept = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        processes.guard([f"+{kept.pid}\n", f"-{kept.pid}\n"])
        assert kept.poll() is None
        processes.guard([f"+{kept.pid}\n"])
        assert kept.wait(10) == -signal.SIGKILL
    finally:
        kept.kill()
        kept.wait()
