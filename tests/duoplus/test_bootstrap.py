import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from duoplus import bootstrap
from duoplus.bootstrap import Refusal

pytestmark = pytest.mark.once
PANGO_COMMAND = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


# --- Python -----------------------------------------------------------------------------------------------------------
def versions(known: dict[str, tuple[int, int]]) -> Callable[[str], tuple[int, int] | None]:
    return known.get


def test_first_python_that_is_new_enough_is_taken() -> None:
    version = versions({"python3.12": (3, 12), "python3.11": (3, 11), "python3": (3, 9)})
    assert bootstrap.find_python(["python3", "python3.14", "python3.12", "python3.11"], version) == "python3.12"


def test_too_old_python_is_refused_with_what_was_found() -> None:
    with pytest.raises(Refusal) as refusal:
        bootstrap.find_python(["python3", "python3.10"], versions({"python3": (3, 9), "python3.10": (3, 10)}))
    assert str(refusal.value) == (
        "Duoplus needs Python 3.11 or newer (found: 3.10); on Debian: apt-get install python3.11-venv"
    )


def test_no_python_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        bootstrap.find_python(["python3"], versions({}))
    assert str(refusal.value) == (
        "Duoplus needs Python 3.11 or newer (found: none); on Debian: apt-get install python3.11-venv"
    )


def test_version_is_read_from_the_command_itself(tmp_path: Path) -> None:
    broken = tmp_path / "python3.12"
    broken.write_text("#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
    broken.chmod(0o755)
    assert bootstrap.version_of(sys.executable) == sys.version_info[:2]
    assert bootstrap.version_of(str(broken)) is None
    assert bootstrap.version_of(str(tmp_path / "absent")) is None


def test_missing_venv_is_installed_where_that_is_allowed() -> None:
    installed: list[Sequence[str]] = []
    bootstrap.require_venv("python3", lambda _: bool(installed), lambda: True, installed.append, lambda _: (3, 12))
    assert installed == [["python3.12-venv"]]


def test_missing_venv_is_refused_with_the_command() -> None:
    with pytest.raises(Refusal) as refusal:
        bootstrap.require_venv("python3", lambda _: False, lambda: False, refuse_to_install, lambda _: (3, 12))
    assert str(refusal.value) == (
        "Python's venv is missing; type: sudo apt-get install -y --no-install-recommends python3.12-venv"
    )


def test_this_python_has_venv() -> None:
    assert bootstrap.can_make_venv(sys.executable)


# --- Pango ------------------------------------------------------------------------------------------------------------
def refuse_to_install(packages: Sequence[str]) -> None:
    raise AssertionError(f"installed {packages} without being allowed to")


def finds_nothing(name: str) -> object:
    raise OSError(f"{name}: cannot open shared object file")


def finds_all_but_harfbuzz(name: str) -> object:
    return finds_nothing(name) if "harfbuzz" in name else object()


def test_packages_of_absent_libraries_are_named() -> None:
    assert bootstrap.missing_packages(load=finds_nothing) == PANGO_COMMAND.split()[4:]
    assert bootstrap.missing_packages(load=finds_all_but_harfbuzz) == ["libharfbuzz-subset0"]
    assert bootstrap.missing_packages(load=lambda name: object()) == []


def test_library_is_found_by_its_macos_name() -> None:
    def finds_dylibs(name: str) -> object:
        return object() if name.endswith(".dylib") else finds_nothing(name)

    assert bootstrap.missing_packages(load=finds_dylibs) == []


def absent_pango() -> list[str]:
    return bootstrap.missing_packages(load=finds_nothing)


def test_missing_pango_is_refused_with_the_command() -> None:
    with pytest.raises(Refusal) as refusal:
        bootstrap.require_pango(absent_pango, lambda: False, refuse_to_install, "linux")
    assert str(refusal.value) == f"Pango is missing, which makes the PDF; type: sudo {PANGO_COMMAND}"


def test_missing_pango_on_macos_names_brew() -> None:
    with pytest.raises(Refusal) as refusal:
        bootstrap.require_pango(absent_pango, lambda: False, refuse_to_install, "darwin")
    assert str(refusal.value) == "Pango is missing, which makes the PDF; type: brew install pango"


def test_missing_pango_is_installed_where_that_is_allowed() -> None:
    installed: list[Sequence[str]] = []
    bootstrap.require_pango(lambda: [] if installed else ["libpango-1.0-0"], lambda: True, installed.append)
    assert installed == [["libpango-1.0-0"]]


def test_pango_that_stays_missing_after_installing_is_refused() -> None:
    installed: list[Sequence[str]] = []
    with pytest.raises(Refusal):
        bootstrap.require_pango(absent_pango, lambda: True, installed.append, "linux")
    assert len(installed) == 1


# --- port -------------------------------------------------------------------------------------------------------------
def test_port_in_use_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refusal) as refusal:
            bootstrap.require_port(port)
    assert str(refusal.value) == (
        f"Port {port} cannot be used (Address already in use); choose another: make run PORT=8001"
    )
    bootstrap.require_port(port)


def test_number_that_is_no_port_is_refused() -> None:
    with pytest.raises(Refusal, match=r"^Port 70000 cannot be used \(.*\); choose another: make run PORT=8001$"):
        bootstrap.require_port(70000)


def test_port_in_use_is_one_line_on_the_terminal() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, bootstrap.__file__, "run", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (f"Port {port} cannot be used (Address already in use); choose another: make run PORT=8001\n")


# --- installing -------------------------------------------------------------------------------------------------------
@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with two lists of requirements and a virtual environment that has pip."""
    (tmp_path / "requirements.txt").write_text("django==5.2\n")
    (tmp_path / "requirements-dev.txt").write_text("pytest==9.2\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


def install(project: Path, *names: str) -> list[list[str]]:
    """Install with a pip that only writes down what it was asked for."""
    asked: list[list[str]] = []

    def pip(venv: Path, requirements: Sequence[Path]) -> None:
        assert venv == project / ".venv"
        asked.append([path.name for path in requirements])

    def no_python() -> str:
        raise AssertionError("the virtual environment was made anew")

    bootstrap.install(names, project, project / ".venv", no_python, pip)
    return asked


def test_second_installation_does_nothing(project: Path) -> None:
    assert install(project, "requirements.txt") == [["requirements.txt"]]
    assert install(project, "requirements.txt") == []


def test_changed_requirements_are_installed_again(project: Path) -> None:
    install(project, "requirements.txt")
    (project / "requirements.txt").write_text("django==5.2.1\n")
    assert install(project, "requirements.txt") == [["requirements.txt"]]


def test_installation_for_tests_holds_the_one_for_running(project: Path) -> None:
    both = ["requirements.txt", "requirements-dev.txt"]
    assert install(project, *both) == [both]
    assert install(project, "requirements.txt") == []
    assert install(project, *both) == []


def test_installation_for_running_does_not_hold_the_one_for_tests(project: Path) -> None:
    both = ["requirements.txt", "requirements-dev.txt"]
    install(project, "requirements.txt")
    assert install(project, *both) == [both]


def test_interrupted_installation_is_done_again(project: Path) -> None:
    def pip(venv: Path, requirements: Sequence[Path]) -> None:
        raise KeyboardInterrupt

    install(project, "requirements.txt")
    (project / "requirements.txt").write_text("django==5.2.1\n")
    with pytest.raises(KeyboardInterrupt):
        bootstrap.install(["requirements.txt"], project, project / ".venv", pip=pip)
    (project / "requirements.txt").write_text("django==5.2\n")
    assert install(project, "requirements.txt") == [["requirements.txt"]]


def test_fingerprint_depends_on_lists_python_and_place(project: Path) -> None:
    lists = [project / "requirements.txt"]
    seen = {
        bootstrap.fingerprint(lists, (3, 11), Path("/a/.venv")),
        bootstrap.fingerprint(lists, (3, 12), Path("/a/.venv")),
        bootstrap.fingerprint(lists, (3, 11), Path("/b/.venv")),
        bootstrap.fingerprint([*lists, project / "requirements-dev.txt"], (3, 11), Path("/a/.venv")),
    }
    assert len(seen) == 4


def test_environment_that_does_not_start_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("")
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(tmp_path / "gone")
    assert bootstrap.venv_version(venv) is None
    bootstrap.install(["requirements.txt"], tmp_path, venv, lambda: sys.executable, lambda venv, requirements: None)
    assert bootstrap.venv_version(venv) == sys.version_info[:2]


def test_pip_that_fails_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "requirements.txt"
    wrong.write_text("django==5.2\n")
    with pytest.raises(Refusal) as refusal:
        bootstrap.pip_install(Path(sys.executable).parent.parent, [wrong])
    assert str(refusal.value) == (
        "Installing the libraries failed; pip says above why. Type the same command to try again."
    )
    assert "hash" in capfd.readouterr().err.lower()


# --- the command line -------------------------------------------------------------------------------------------------
def test_port_of_the_command_line() -> None:
    assert vars(bootstrap.read_arguments(["run"])) == {"command": "run", "port": 8000}
    assert vars(bootstrap.read_arguments(["run", "--port", "8001"])) == {"command": "run", "port": 8001}


def test_bootstrap_needs_no_library(tmp_path: Path) -> None:
    """A Python that sees only its standard library can load it, also from another folder."""
    question = f"import runpy; runpy.run_path({bootstrap.__file__!r}, run_name='bootstrap')"
    command = [sys.executable, "-I", "-S", "-c", question]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_command_of_make_is_explained() -> None:
    makefile = (bootstrap.ROOT / "Makefile").read_text()
    explained = {line.split()[2] for line in makefile.splitlines() if line.startswith("\t@echo 'make ")}
    targets = next(line for line in makefile.splitlines() if line.startswith(".PHONY: help ")).split()[2:]
    assert explained == set(targets)
    assert explained >= {"run", "install", "test", "lint", "sbom"}


def test_ci_runs_the_tests() -> None:
    script = bootstrap.ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "exec make test"
