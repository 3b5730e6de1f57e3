"""`make test`, `make lint` and `make sbom`: the stages in turn, each with its time, all of them even when one fails."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from duoplus.bootstrap import ROOT, Refusal, apt_command, apt_install, may_install
from duoplus.processes import Children
from duoplus.servers import leave_empty, postgres_url, redis_url, require_programs

SBOM = ROOT / "var" / "sbom.json"
# The first is Chromium without what draws its own windows: the same pages for half the work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
JAXB_FOLDER = Path("/usr/share/java")
JAXB = ("jaxb-runtime.jar", "jaxb-api.jar", "istack-commons-runtime.jar")
# What the person's own environment says about an installation or about Python must not reach the tests.
OF_THE_PERSON = (
    "ALLOWED_HOSTS", "COMPILE_CHAPTER_SECONDS", "COMPILE_SECONDS", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL",
    "DEFAULT_FROM_EMAIL", "EMAIL_URL", "FRAGMENT_DAYS", "HTTPS", "JOB_LEASE_SECONDS", "JOB_MEMORY_LIMIT_MIB",
    "JOB_NICENESS", "JOB_SWEEP_SECONDS", "LOG_LEVEL", "MEDIA_ROOT", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FALLBACKS",
    "SESSION_IDLE_SECONDS", "SESSION_LONGEST_SECONDS", "TRUSTED_PROXY_COUNT",
    # Each of the many processes of the tests would compile all of them again.
    "PYTHONDONTWRITEBYTECODE",
)  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """One program that must end with status 0; a loud one shows its output as it comes, others only when they fail."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    loud: bool = False


@dataclass(frozen=True)
class Result:
    """How a stage ended and how many seconds it took."""

    name: str
    passed: bool
    seconds: float

    def __str__(self) -> str:
        return f"{'ok    ' if self.passed else 'FAILED'} {self.name:<40} {self.seconds:6.1f} s"


# --- what the stages are ----------------------------------------------------------------------------------------------
def module(*words: str) -> list[str]:
    """A tool of the virtual environment."""
    return [sys.executable, "-m", *words]


def tool(*words: str) -> list[str]:
    """A tool that cannot be run as a module."""
    return [str(Path(sys.executable).parent / words[0]), *words[1:]]


def lint_stages(var: Path) -> list[Stage]:
    """Style, templates, types and import contracts; mypy loads the settings, which write in `var`."""
    return [
        Stage("ruff check", module("ruff", "check", "--output-format", "concise", ".")),
        Stage("ruff format", module("ruff", "format", "--check", ".")),
        Stage("djlint format", tool("djlint", "--check", "--quiet", "templates")),
        Stage("djlint", tool("djlint", "--lint", "--quiet", "templates")),
        Stage("mypy", module("mypy"), embedded(var)),
        Stage("import contracts", tool("lint-imports", "--no-logo"), embedded(var)),
    ]


def check_stages(var: Path) -> list[Stage]:
    """Django's own checks: no change of a model without its migration, and nothing unsafe in production."""
    manage = [sys.executable, "manage.py"]
    deployed = production("postgres://portal@localhost/portal", "redis://localhost/0", var) | {"HTTPS": "on"}
    return [
        Stage("makemigrations --check", [*manage, "makemigrations", "--check", "--dry-run"], embedded(var)),
        Stage("check --deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], deployed),
    ]


def sbom_stage(place: Path) -> Stage:
    """The list (CycloneDX) of what the portal runs on, with versions and hashes; equal pins give an equal file."""
    words = ["--pyproject", "pyproject.toml", "--output-reproducible", "--validate", "--output-file", str(place)]
    return Stage(f"sbom in {place}", module("cyclonedx_py", "requirements", *words, "requirements.txt"))


def embedded(var: Path) -> dict[str, str]:
    """The environment of the embedded mode, with its files in this folder."""
    return {"DUOPLUS_VAR": str(var)}


def production(database: str, redis: str, var: Path) -> dict[str, str]:
    """The environment of production, without HTTPS: the tests talk to the portal itself."""
    return {
        "DUOPLUS_VAR": str(var),
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "HTTPS": "off",
        "TRUSTED_PROXY_COUNT": "0",
    }


def pytest_stage(name: str, environment: Mapping[str, str], without: Sequence[str]) -> Stage:
    """The tests on one of the two columns, but for those with these marks."""
    unwanted = " and ".join(f"not {mark}" for mark in without)
    # One more than cores: some tests wait for a worker, a browser or a lease; with more they wait for each other.
    processes = str((os.cpu_count() or 1) + 1)
    command = module("pytest", "-q", "-n", processes, "--dist", "worksteal", *(["-m", unwanted] if without else []))
    # tests.environment makes the folders of its processes in this one, which goes when the stages end.
    return Stage(f"tests, {name}", command, {**environment, "DUOPLUS_TEST_ROOT": environment["DUOPLUS_VAR"]}, loud=True)


def has_browser() -> bool:
    """Whether one of the names under which Debian and others install Chromium is on the PATH."""
    return any(map(shutil.which, BROWSERS))


def has_java() -> bool:
    """Whether veraPDF can run: a Java that compiles (Debian's name for that is JDK), and JAXB."""
    return shutil.which("javac") is not None and all((JAXB_FOLDER / name).exists() for name in JAXB)


# --- running them -----------------------------------------------------------------------------------------------------
def run(stage: Stage) -> Result:
    """Run one stage and print its line."""
    if stage.loud:
        print(f"--- {stage.name}", flush=True)
    started = time.monotonic()
    kept = {name: value for name, value in os.environ.items() if name not in OF_THE_PERSON}
    done = subprocess.run(
        stage.command,
        cwd=ROOT,
        env={**kept, **stage.environment},
        stdout=None if stage.loud else subprocess.PIPE,
        stderr=None if stage.loud else subprocess.STDOUT,
        text=True,
        check=False,
    )
    result = Result(stage.name, done.returncode == 0, time.monotonic() - started)
    if done.returncode and done.stdout:
        print(done.stdout, end="", flush=True)
    print(result, flush=True)
    return result


def run_tests(folder: Path) -> tuple[list[Result], list[str]]:
    """Both columns; also one line for each thing that this machine lacks."""
    lacking = []
    without = []
    for mark, require in (
        ("browser", require_browser),
        ("servers", require_programs),
        ("verapdf", require_java),
    ):
        try:
            require()
        except Refusal as refusal:
            lacking.append(f"tests marked {mark}: {refusal}")
            without.append(mark)
    results = [run(pytest_stage("SQLite and file broker", embedded(folder / "embedded"), [*without, "redis"]))]
    with Children(ROOT) as children:
        try:
            environment = production(postgres_url(children, folder), redis_url(children, folder), folder / "production")
        except Refusal as refusal:
            lacking.append(f"tests on PostgreSQL and Redis: {refusal}")
        else:
            # Rules on plain values, how pages look and files of a PDF are the same on any database and broker.
            once = [*without, "once"]
            results.append(run(pytest_stage("PostgreSQL and Redis", environment, list(dict.fromkeys(once)))))
            leave_empty(environment["REDIS_URL"])
    return results, lacking


def require_browser(
    installed: Callable[[], bool] = has_browser,
    allowed: Callable[[], bool] = may_install,
    install: Callable[[Sequence[str]], None] = apt_install,
) -> None:
    """Chromium on the PATH, installed through apt as root; Refusal otherwise."""
    _require("Chromium", [BROWSERS[0]], (installed, allowed, install))


def require_java(
    installed: Callable[[], bool] = has_java,
    allowed: Callable[[], bool] = may_install,
    install: Callable[[Sequence[str]], None] = apt_install,
) -> None:
    """What veraPDF runs on, installed through apt as root; Refusal otherwise."""
    _require("Java with JAXB", ["default-jdk-headless", "libjaxb-java"], (installed, allowed, install))


def _require(
    name: str,
    packages: Sequence[str],
    ways: tuple[Callable[[], bool], Callable[[], bool], Callable[[Sequence[str]], None]],
) -> None:
    installed, allowed, install = ways
    if not installed() and allowed():
        install(packages)
    if not installed():
        raise Refusal(f"no {name}; type: sudo {apt_command(packages)}")


def verdict(results: Sequence[Result], lacking: Sequence[str], *, ci: bool) -> int:
    """Print what failed and what was not covered; 1 when a stage failed, or under CI when something lacked."""
    failed = [result for result in results if not result.passed]
    seconds = sum(result.seconds for result in results)
    print(f"--- {len(results)} stages, {len(failed)} failed, {seconds:.0f} s")
    for result in failed:
        print(result)
    for line in lacking:
        print(f"Not covered: {line}")
    return int(bool(failed) or (ci and bool(lacking)))


def main(what: str) -> int:
    """`lint`, `test` or `sbom`; the status for the shell."""
    if what == "sbom":
        SBOM.parent.mkdir(exist_ok=True)
        return int(not run(sbom_stage(SBOM)).passed)
    with tempfile.TemporaryDirectory(prefix="duoplus-") as name:
        folder = Path(name)
        stages = lint_stages(folder / "lint")
        if what == "test":
            stages += check_stages(folder / "checks")
        results = [run(stage) for stage in stages]
        tested, lacking = run_tests(folder) if what == "test" else ([], [])
        return verdict([*results, *tested], lacking, ci=os.environ.get("CI") == "true")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
