"""The files of fonts stay as long as the process that made them, whatever is forked from it does."""

import gc
from functools import partial
from pathlib import Path

from jobs.isolation import Report, started
from publishing import pdf
from publishing.fragments import stylesheet
from tests.publishing.printing import quiet


def test_a_fork_that_lays_out_many_styles_leaves_the_fonts_to_others() -> None:
    pdf.load()
    folder = pdf._fonts()._folder

    def many_styles(report_progress: Report) -> int:
        gc.enable()
        for number in range(6):
            pdf.prepare(stylesheet(f"#00000{number}", "source-sans"))
        pdf._styles.cache_clear()
        pdf._fonts.cache_clear()
        gc.collect()
        return len(list(Path(folder).iterdir()))

    with started(many_styles, seconds=60) as running:
        assert running.number(quiet) == 10
    assert len(list(folder.iterdir())) == 10


def test_what_is_forked_from_a_warm_process_opens_no_font_file(tmp_path: Path) -> None:
    """A cleaner of temporary files may have taken them by then."""
    pdf.load()
    words = "<!DOCTYPE html><h1 class='chapter-heading'>Groot</h1><p><em>x</em> <strong>y</strong> <strong><em>z</em>"
    css = stylesheet("#154273", "source-serif")

    def lay_out(name: str, report_progress: Report) -> int:
        return (tmp_path / name).write_bytes(pdf.render(words, css, "key", {}, quiet).data)

    def lay_out_without_files(report_progress: Report) -> int:
        folder = pdf._fonts()._folder
        elsewhere = folder.rename(folder.with_suffix(".elsewhere"))
        try:
            return lay_out("without", report_progress)
        finally:
            elsewhere.rename(folder)

    for work in (partial(lay_out, "with"), lay_out_without_files):
        with started(work, seconds=60) as running:
            assert running.number(quiet) > 0
    assert (tmp_path / "without").read_bytes() == (tmp_path / "with").read_bytes()
