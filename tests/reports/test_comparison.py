from hypothesis import given
from hypothesis import strategies as st

from reports.comparison import Difference, Piece, compare, readable


def pieces(*pairs: tuple[str, str]) -> tuple[Piece, ...]:
    return tuple(Piece(kind, text) for kind, text in pairs)


def test_words_within_a_paragraph() -> None:
    assert compare([("tekst", "Wij deden veel.")], [("tekst", "Wij deden heel veel.")]) == [
        Difference("tekst", (pieces(("same", "Wij deden "), ("added", "heel "), ("same", "veel.")),))
    ]


def test_a_changed_phrase_is_told_as_one() -> None:
    assert compare([("tekst", "Een nieuwe zin hier.")], [("tekst", "Iets heel anders hier.")]) == [
        Difference(
            "tekst",
            (pieces(("removed", "Een nieuwe zin"), ("added", "Iets heel anders"), ("same", " hier.")),),
        )
    ]


def test_paragraphs_come_and_go() -> None:
    assert compare([("tekst", "een\ntwee\ndrie")], [("tekst", "een\ndrie\nvier")]) == [
        Difference(
            "tekst",
            (
                pieces(("same", "een")),
                pieces(("removed", "twee")),
                pieces(("same", "drie")),
                pieces(("added", "vier")),
            ),
        )
    ]


def test_a_replaced_paragraph_is_compared_by_words_and_the_rest_whole() -> None:
    assert compare([("tekst", "oud woord\nweg")], [("tekst", "nieuw woord")]) == [
        Difference(
            "tekst",
            (pieces(("removed", "oud"), ("added", "nieuw"), ("same", " woord")), pieces(("removed", "weg"))),
        )
    ]


def test_texts_of_one_side_only() -> None:
    found = compare([("doel 2", "weg")], [("tekst", "nieuw")])
    assert found == [
        Difference("tekst", (pieces(("added", "nieuw")),)),
        Difference("doel 2", (pieces(("removed", "weg")),)),
    ]
    assert [difference.is_changed for difference in found] == [True, True]


def test_the_same_is_unchanged() -> None:
    found = compare([("tekst", "een\ntwee")], [("tekst", "een\ntwee")])
    assert found == [Difference("tekst", (pieces(("same", "een")), pieces(("same", "twee"))))]
    assert not found[0].is_changed


TEXTS = st.lists(st.text("ab .", max_size=8), max_size=6).map("\n".join)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    (difference,) = compare([("tekst", before)], [("tekst", after)])

    def side(hidden: str) -> str:
        lines = [
            "".join(piece.text for piece in paragraph if piece.kind != hidden)
            for paragraph in difference.paragraphs
            if not paragraph or any(piece.kind != hidden for piece in paragraph)
        ]
        return "".join("\n".join(lines).split("\n"))

    assert side("added") == before.replace("\n", "")
    assert side("removed") == after.replace("\n", "")


def test_an_endless_paragraph_is_not_compared_by_words() -> None:
    before, after = "a b " * 30_000, "b a " * 30_000
    (difference,) = compare([("tekst", before)], [("tekst", after)])
    assert difference.paragraphs == ((Piece("removed", before), Piece("added", after)),)


def test_content_is_told_with_names_for_ids() -> None:
    content = {
        "text": "<p>een</p><p>twee</p>",
        "goals": [
            {"objective": "Doel", "planned_action": "<p>plan</p>", "result": "", "document": 4, "page": "16"},
            {"objective": "Zonder bron", "planned_action": "", "result": "<p>klaar</p>", "document": None, "page": ""},
            {"objective": "Bron weg", "planned_action": "", "result": "", "document": 99, "page": "2"},
        ],
        "achievements": [
            {"theme": 7, "title": "Balie", "text": "<p>open</p>"},
            {"theme": None, "title": "", "text": "<p>los</p>"},
        ],
    }
    assert readable(content, {4: "Begroting 2020"}, {7: "Kwaliteit"}) == [
        ("tekst", "een\ntwee"),
        ("doel 1", "Doel"),
        ("doel 1: wat wilden wij ervoor doen", "plan"),
        ("doel 1: bron", "Begroting 2020 blz. 16"),
        ("doel 2", "Zonder bron"),
        ("doel 2: wat hebben we bereikt", "klaar"),
        ("doel 3", "Bron weg"),
        ("doel 3: bron", "blz. 2"),
        ("prestatie 1", "Kwaliteit · Balie"),
        ("prestatie 1: tekst", "open"),
        ("prestatie 2: tekst", "los"),
    ]
    assert readable({}, {}, {}) == []
