"""From a fresh clone to a virtual environment in which the portal runs.

Run as a file by the system's Python, before any library exists: standard library only, no import from `duoplus`.
Every refusal is one line (`Refusal`) that says what to type.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
COMMANDS = ("python3.14", "python3.13", "python3.12", "python3.11", "python3")
LOOPBACK = "127.0.0.1"
RUN = ("requirements.txt",)
DEVELOP = ("requirements.txt", "requirements-dev.txt")


class Refusal(Exception):
    """The machine lacks something; the message is one line with the command that mends it."""


@dataclass(frozen=True)
class Library:
    """A system library: the names it is loaded by on Linux and on macOS, and its package on Debian."""

    names: tuple[str, ...]
    package: str


PANGO = (
    Library(("libpango-1.0.so.0", "libpango-1.0.dylib"), "libpango-1.0-0"),
    Library(("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"), "libpangoft2-1.0-0"),
    Library(("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"), "libharfbuzz-subset0"),
)


# --- what the machine has -------------------------------------------------------------------------------------------
def version_of(command: str) -> tuple[int, int] | None:
    """The version that a Python command answers with; None when it is absent or does not start."""
    question = "import sys; print(sys.version_info[0], sys.version_info[1])"
    try:
        answer = subprocess.run([command, "-c", question], capture_output=True, text=True, check=True)
        major, minor = answer.stdout.split()
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None
    return int(major), int(minor)


def find_python(
    commands: Iterable[str] = (sys.executable, *COMMANDS),
    version: Callable[[str], tuple[int, int] | None] = version_of,
) -> str:
    """The first command that is new enough; Refusal names the newest that was found."""
    found = []
    for command in commands:
        answer = version(command)
        if answer is not None and answer >= OLDEST:
            return command
        if answer is not None:
            found.append(answer)
    newest = ".".join(map(str, max(found))) if found else "none"
    raise Refusal(f"Duoplus needs Python 3.11 or newer (found: {newest}); on Debian: apt-get install python3.11-venv")


def can_make_venv(python: str) -> bool:
    """Whether that Python has both venv and ensurepip, which Debian packs apart."""
    return subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode == 0


def missing_packages(libraries: Iterable[Library] = PANGO, load: Callable[[str], object] = ctypes.CDLL) -> list[str]:
    """Debian's packages of the libraries that cannot be loaded."""
    return [library.package for library in libraries if not any(loads(name, load) for name in library.names)]


def loads(name: str, load: Callable[[str], object]) -> bool:
    """Whether the loader finds a library by this name."""
    try:
        load(name)
    except OSError:
        return False
    return True


def apt_command(packages: Sequence[str]) -> str:
    """What a person types to install these packages."""
    return f"apt-get install -y --no-install-recommends {' '.join(packages)}"


def may_install() -> bool:
    """Root on a machine with apt (Debian, Ubuntu)."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: Sequence[str]) -> None:
    """Install Debian packages as root; Refusal when apt cannot."""
    print(f"Installing {' '.join(packages)} ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("apt-get update", apt_command(packages)):
        done = subprocess.run(command.split(), env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
            raise Refusal(f"'{command}' failed: {lines[-1]}")


def require_pango(
    missing: Callable[[], list[str]] = missing_packages,
    allowed: Callable[[], bool] = may_install,
    install: Callable[[Sequence[str]], None] = apt_install,
    platform: str = sys.platform,
) -> None:
    """Pango makes the PDF: install it where that is allowed, else refuse with the command."""
    packages = missing()
    if packages and allowed():
        install(packages)
        packages = missing()
    if packages:
        command = "brew install pango" if platform == "darwin" else f"sudo {apt_command(packages)}"
        raise Refusal(f"Pango is missing, which makes the PDF; type: {command}")


def require_venv(
    python: str,
    works: Callable[[str], bool] = can_make_venv,
    allowed: Callable[[], bool] = may_install,
    install: Callable[[Sequence[str]], None] = apt_install,
    version: Callable[[str], tuple[int, int] | None] = version_of,
) -> None:
    """Debian packs venv and ensurepip apart from Python: the same choice as for Pango."""
    if works(python):
        return
    package = "python{}.{}-venv".format(*version(python) or OLDEST)
    if allowed():
        install([package])
    if not works(python):
        raise Refusal(f"Python's venv is missing; type: sudo {apt_command([package])}")


def require_port(port: int, host: str = LOOPBACK) -> None:
    """Refuse a port that cannot be listened on, before minutes are spent on installing."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise Refusal(f"Port {port} cannot be used ({reason}); choose another: make run PORT=8001") from None


# --- the virtual environment ----------------------------------------------------------------------------------------
def venv_version(venv: Path) -> tuple[int, int] | None:
    """The Python of a virtual environment that works at this place; None when it must be made anew."""
    python = venv / "bin" / "python"
    version = version_of(str(python))
    if version is None or version < OLDEST:
        return None
    has_pip = subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    return version if has_pip else None


def make_venv(venv: Path, python: str) -> None:
    """Make or remake the virtual environment; what stood there is thrown away."""
    done = subprocess.run([python, "-m", "venv", "--clear", venv], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refusal(f"Making {venv} failed: {(done.stderr or done.stdout).strip().splitlines()[-1]}")


def fingerprint(requirements: Iterable[Path], python: tuple[int, int], venv: Path) -> str:
    """What an installation depends on: the pinned lists, the Python, and the place (scripts hold its path)."""
    digest = hashlib.sha256(json.dumps([python, str(venv)]).encode())
    for path in requirements:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_installed(stamp: Path, wanted: str) -> bool:
    """Whether the last finished installation was exactly this one, or a wider one that held it."""
    try:
        return wanted in stamp.read_text().split()
    except FileNotFoundError:
        return False


def pip_install(venv: Path, requirements: Sequence[Path]) -> None:
    """Install pinned and hashed libraries; pip's own words stay on the terminal when it fails.

    Python compiles what is imported when it is, which is the lesser part.
    """
    command = [str(venv / "bin" / "python"), "-m", "pip", "install", "-qq", "--no-input", "--require-hashes"]
    command += ["--disable-pip-version-check", "--no-compile"]
    for path in requirements:
        command += ["-r", str(path)]
    if subprocess.run(command, check=False).returncode:
        raise Refusal("Installing the libraries failed; pip says above why. Type the same command to try again.")


def install(
    names: Sequence[str],
    root: Path = ROOT,
    venv: Path = VENV,
    python: Callable[[], str] = find_python,
    pip: Callable[[Path, Sequence[Path]], None] = pip_install,
) -> None:
    """Bring the virtual environment up to these lists of requirements; nothing when it already is.

    The stamp holds a fingerprint of every list that was installed since, written only after pip ended well,
    so that an interrupted installation is done again.
    """
    version = venv_version(venv)
    if version is None:
        command = python()
        require_venv(command)
        print(f"Making {venv} ...", flush=True)
        make_venv(venv, command)
        version = version_of(str(venv / "bin" / "python")) or OLDEST
    stamp = venv / "installed"
    wanted = [fingerprint([root / name for name in names[:count]], version, venv) for count in range(1, len(names) + 1)]
    if is_installed(stamp, wanted[-1]):
        return
    print("Installing the libraries, about half a minute ...", flush=True)
    stamp.unlink(missing_ok=True)
    pip(venv, [root / name for name in names])
    stamp.write_text("\n".join(wanted))


# --- commands -------------------------------------------------------------------------------------------------------
def become(*command: str) -> None:
    """Go on as a program of the virtual environment, under the same process id."""
    python = str(VENV / "bin" / "python")
    os.chdir(ROOT)
    os.execv(python, [python, *command])


def read_arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line: one command, and for `run` a port."""
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Installs Duoplus and starts what was asked.")
    parser.add_argument("command", choices=("install", "run", "test", "lint", "load", "bench", "sbom"))
    parser.add_argument("--port", type=int, default=8000)
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Carry out one command; a refusal is one line and status 1."""
    arguments = read_arguments(words)
    try:
        if arguments.command == "run":
            require_port(arguments.port)
        require_pango()
        install(RUN if arguments.command in ("install", "run") else DEVELOP)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if arguments.command == "run":
        become("manage.py", "start", "--port", str(arguments.port), "--stop-with-parent")
    elif arguments.command == "load":
        become("-m", "tests.load.run")
    elif arguments.command == "bench":
        become("-m", "tests.bench.run")
    elif arguments.command != "install":
        become("-m", "duoplus.stages", arguments.command)
    return 0


if __name__ == "__main__":
    sys.exit(main())
