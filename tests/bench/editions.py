"""How fast editions are made, beside one run of WeasyPrint over the same pages. BENCH_CHAPTERS ("40 118") says of what.

All is measured on the clock: a rebuild merges what is kept while it lays out what changed. How long a director waits in
the browser is measured by `python -m pytest tests/bench/clicking.py -s`.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from duoplus.bootstrap import ROOT
from duoplus.stages import OF_THE_PERSON, embedded

CHAPTERS = [int(count) for count in os.environ.get("BENCH_CHAPTERS", "40 118").split()]
# A report of about 1,000 pages.
LARGE = 100
FROM_NOTHING, MEMORY = 0.50, 0.45
PARTS = {False: {"keeps": 20, "moves": 10}, True: {"keeps": 40, "moves": 40}}
"""At most one in so many of the time of one run, for a report that is large or not."""
Took = dict[str, float]


def measured() -> list[str]:
    """Print what each report took; the aims that were missed."""
    missed = []
    for chapters in CHAPTERS:
        plain, rebuilt = took("plain", chapters), took("rebuild", chapters)
        one, two = took("workers", chapters, 1), took("workers", chapters, 2)
        print(f"--- {plain['pages']:.0f} pages, {os.cpu_count()} cores: seconds on the clock (of processors), peak MiB")
        for name, found in (("plain", plain), ("keeps", rebuilt), ("moves", rebuilt)):
            print(f"    {name:>14} {found[name]:>8.2f} ({found[f'{name} cpu']:.2f}) {found['peak']:>6.0f}")
        for name, found in (("one worker", one), ("two workers", two)):
            print(f"    {name:>14} {found['workers']:>8.2f} ({found['workers cpu']:.2f}) {found['peak']:>6.0f}")
        missed += [f"{plain['pages']:.0f} pages: {what}" for what in judged(chapters, plain, rebuilt, one, two)]
    large = took("workers", 0, 2)
    print("--- a chapter of over 200 pages, a table of 3,000 lines and 398 short chapters, from nothing")
    print(f"    {large['pages']:.0f} pages, {large['workers']:.1f} s, peak {large['peak']:.0f} MiB", flush=True)
    return missed


def judged(chapters: int, plain: Took, rebuilt: Took, one: Took, two: Took) -> list[str]:
    """The aims that were missed, after printing the ratios."""
    found = []
    for name, part in PARTS[chapters >= LARGE].items():
        ratio = plain["plain"] / rebuilt[name]
        print(f"    an edit that {name} the pages takes 1/{ratio:.1f} of one run (at most 1/{part})", flush=True)
        found += [f"an edit that {name} the pages takes 1/{ratio:.1f}, aim 1/{part}"] if ratio < part else []
    ratios = {
        "two processes from nothing": (two["workers"] / plain["plain"], FROM_NOTHING),
        "memory": (max(rebuilt["peak"], two["peak"]) / plain["peak"], MEMORY),
    }
    for name, (ratio, most) in ratios.items():
        print(f"    {name}: {ratio:.2f} of one run (at most {most})")
        found += [f"{name} {ratio:.2f}, aim {most}"] if ratio > most else []
    print(f"    a second process makes it {one['workers'] / two['workers']:.2f} times as fast", flush=True)
    return found


def took(way: str, *numbers: int) -> Took:
    """What `build` says of it, on an empty installation."""
    with tempfile.TemporaryDirectory(prefix="duoplus-bench-") as folder:
        own = {name: value for name, value in os.environ.items() if name not in OF_THE_PERSON}
        own |= embedded(Path(folder) / "var")
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=own, check=True)
        words = [sys.executable, "-m", "tests.bench.build", way, *map(str, numbers)]
        done = subprocess.run(words, cwd=ROOT, env=own, check=True, stdout=subprocess.PIPE, text=True)
        found: Took = json.loads(done.stdout.splitlines()[-1])
        return found
