"""The cover says what the file is."""

from dataclasses import replace

from tests.publishing.printing import STAMP, chapter, narrative, printed, report


def test_cover_of_a_part_says_which() -> None:
    content = report(chapter("3", "Programma's", narrative("Staf")))
    chosen = printed(content, stamp=replace(STAMP, chapters=("3", "4.1")))
    taken = printed(content, stamp=replace(STAMP, chapters=("3",), source=1))
    assert chosen.lines(1)[4] == "Alleen hoofdstuk 3, 4.1"
    assert taken.lines(1)[4] == "Alleen hoofdstuk 3, zoals in editie 1"
