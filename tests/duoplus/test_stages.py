import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from duoplus import stages
from duoplus.bootstrap import Refusal
from duoplus.stages import Result, Stage

PASSED = Result("ruff check", passed=True, seconds=0.44)
FAILED = Result("mypy", passed=False, seconds=61.2)
PROCESSES = str((os.cpu_count() or 1) + 1)


def test_result_is_one_line_with_its_time() -> None:
    assert str(PASSED) == "ok     ruff check                                  0.4 s"
    assert str(FAILED) == "FAILED mypy                                       61.2 s"


def test_verdict_counts_and_names_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    assert stages.verdict([PASSED, FAILED], [], ci=False) == 1
    assert capsys.readouterr().out.splitlines() == ["--- 2 stages, 1 failed, 62 s", str(FAILED)]


def test_verdict_on_what_the_machine_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    assert stages.verdict([PASSED], ["browser tests: no Chromium"], ci=False) == 0
    assert stages.verdict([PASSED], ["browser tests: no Chromium"], ci=True) == 1
    assert stages.verdict([PASSED], [], ci=True) == 0
    assert capsys.readouterr().out.count("Not covered: browser tests: no Chromium\n") == 2


def test_quiet_stage_shows_its_output_only_when_it_fails(capfd: pytest.CaptureFixture[str]) -> None:
    good = Stage("good", [sys.executable, "-c", "print('all is well')"])
    bad = Stage("bad", [sys.executable, "-c", "print('line 3 is wrong'); raise SystemExit(1)"])
    assert [stages.run(good).passed, stages.run(bad).passed] == [True, False]
    lines = [line[:20].strip() for line in capfd.readouterr().out.splitlines()]
    assert lines == ["ok     good", "line 3 is wrong", "FAILED bad"]


def test_environment_of_an_installation_does_not_reach_a_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "of an installation")
    monkeypatch.setenv("EMAIL_URL", "smtp://mail")
    question = "import os; raise SystemExit([os.environ.get(n) for n in ('SECRET_KEY', 'EMAIL_URL')] != ['own', None])"
    assert stages.run(Stage("asks", [sys.executable, "-c", question], {"SECRET_KEY": "own"})).passed


def test_production_column_names_what_settings_require(tmp_path: Path) -> None:
    environment = stages.production("postgres://localhost/portal", "redis://localhost/1", tmp_path)
    assert len(environment.pop("SECRET_KEY")) > 50
    assert environment == {
        "DUOPLUS_VAR": str(tmp_path),
        "DATABASE_URL": "postgres://localhost/portal",
        "REDIS_URL": "redis://localhost/1",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "HTTPS": "off",
        "TRUSTED_PROXY_COUNT": "0",
    }


def test_what_cannot_be_covered_is_left_out_by_mark(tmp_path: Path) -> None:
    def marks(*without: str) -> list[str]:
        return list(stages.pytest_stage("SQLite", stages.embedded(tmp_path), without).command[3:])

    assert marks() == ["-q", "-n", PROCESSES, "--dist", "worksteal"]
    assert marks("browser", "once") == [
        "-q",
        "-n",
        PROCESSES,
        "--dist",
        "worksteal",
        "-m",
        "not browser and not once",
    ]


@pytest.mark.parametrize(
    ("require", "packages"),
    [
        (stages.require_browser, ["chromium-headless-shell"]),
        (stages.require_java, ["default-jdk-headless", "libjaxb-java"]),
    ],
)
def test_programs_are_installed_where_that_is_allowed(require: Callable[..., None], packages: list[str]) -> None:
    installed: list[Sequence[str]] = []
    require(lambda: bool(installed), lambda: True, installed.append)
    require(lambda: bool(installed), lambda: True, installed.append)
    assert installed == [packages]


@pytest.mark.parametrize(
    ("require", "told"),
    [
        (
            stages.require_browser,
            "no Chromium; type: sudo apt-get install -y --no-install-recommends chromium-headless-shell",
        ),
        (
            stages.require_java,
            (
                "no Java with JAXB; type: sudo apt-get install -y --no-install-recommends "
                "default-jdk-headless libjaxb-java"
            ),
        ),
    ],
)
def test_missing_programs_are_refused_with_the_command(require: Callable[..., None], told: str) -> None:
    installed: list[Sequence[str]] = []
    with pytest.raises(Refusal) as refusal:
        require(lambda: False, lambda: False, installed.append)
    assert str(refusal.value) == told
    assert installed == []


def test_tools_of_the_stages_are_in_the_environment(tmp_path: Path) -> None:
    commands = [stage.command[0] for stage in [*stages.lint_stages(tmp_path), *stages.check_stages(tmp_path)]]
    assert [command for command in commands if not os.access(command, os.X_OK)] == []
