"""What changed between two versions of a text, as paragraphs and words. No models, no HTML."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from library import html

MOST_WORDS = 2000
"""Beyond this, a changed paragraph is shown as removed and added whole: comparing takes time by the square."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """Some words: `kind` is "same", "removed" or "added"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One labelled text in both versions, paragraph by paragraph."""

    label: str
    paragraphs: tuple[tuple[Piece, ...], ...]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != "same" for paragraph in self.paragraphs for piece in paragraph)


def readable(
    content: Mapping[str, Any], documents: Mapping[int, str], themes: Mapping[int, str]
) -> list[tuple[str, str]]:
    """A section's content as (label, plain text) pairs; ids are told by name, empty texts are left out."""
    rows = [("tekst", html.text(content.get("text", "")))]
    for index, goal in enumerate(content.get("goals", ()), start=1):
        source = documents.get(goal["document"], "")
        place = f"{source} blz. {goal['page']}" if goal["page"] else source
        rows += [
            (f"doel {index}", goal["objective"]),
            (f"doel {index}: wat wilden wij ervoor doen", html.text(goal["planned_action"])),
            (f"doel {index}: wat hebben we bereikt", html.text(goal["result"])),
            (f"doel {index}: bron", place.strip()),
        ]
    for index, item in enumerate(content.get("achievements", ()), start=1):
        rows += [
            (f"prestatie {index}", " · ".join(part for part in (themes.get(item["theme"], ""), item["title"]) if part)),
            (f"prestatie {index}: tekst", html.text(item["text"])),
        ]
    return [row for row in rows if row[1]]


def compare(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> list[Difference]:
    """The differences of two sets of labelled texts, in the order of `after`; what is gone comes last."""
    old, new = dict(before), dict(after)
    labels = [*new, *(label for label in old if label not in new)]
    return [Difference(label, tuple(_paragraphs(old.get(label, ""), new.get(label, "")))) for label in labels]


def _paragraphs(before: str, after: str) -> Iterator[tuple[Piece, ...]]:
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield from ((Piece("same", text),) for text in new[new_from:new_to])
            continue
        gone, come = old[old_from:old_to], new[new_from:new_to]
        pairs = min(len(gone), len(come))
        yield from (tuple(_words(one, other)) for one, other in zip(gone, come, strict=False))
        yield from ((Piece("removed", text),) for text in gone[pairs:])
        yield from ((Piece("added", text),) for text in come[pairs:])


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        yield from (Piece("removed", before), Piece("added", after))
        return
    removed = added = ""
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, is_now = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        # A lone space between two changed words belongs to the change: a phrase is told as one.
        if kind == "equal" and not (is_now.isspace() and (removed or added)):
            yield from _changed(removed, added)
            removed = added = ""
            yield Piece("same", is_now)
        else:
            removed, added = removed + was, added + is_now
    yield from _changed(removed, added)


def _changed(removed: str, added: str) -> Iterator[Piece]:
    """What went and what came in its place."""
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)
