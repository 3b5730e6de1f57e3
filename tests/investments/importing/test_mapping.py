import json
from dataclasses import replace
from typing import Any

import pytest

from investments.importing.mapping import (
    FileColumn,
    FileLine,
    FileMapping,
    InstructionError,
    instructed,
    instructions,
    names,
    remembered,
)
from investments.styles import PrintStyle

NO_SHAPE = "De koppeling is niet opgebouwd zoals “import_table --help” laat zien."
MAPPING = FileMapping(
    sheet="Blad1",
    first=2,
    last=3,
    label=0,
    unit=1000,
    columns=(
        FileColumn(1, "Baten 2020", "own"),
        FileColumn(2, "Lasten 2020", "own"),
        FileColumn(3, "Saldo 2020", "own", ((1, 1), (2, -1))),
    ),
    lines=(FileLine(4, "Servers"), FileLine(5, "Totaal", "total", members=((4, 1),)), FileLine(6, "Totaal")),
    style=PrintStyle(zero="0", reversed_result=True),
)


def test_a_mapping_survives_its_data() -> None:
    assert FileMapping.of(json.loads(json.dumps(MAPPING.as_data()))) == MAPPING


def test_a_label_that_stands_twice_gets_a_number() -> None:
    assert names(MAPPING.lines) == {"Servers": 4, "Totaal": 5, "Totaal (2)": 6}


def test_files_of_one_source_differ_in_their_years_only() -> None:
    next_year = tuple(replace(column, heading=column.heading.replace("2020", "2021")) for column in MAPPING.columns)
    assert replace(MAPPING, columns=next_year).signature == MAPPING.signature
    assert replace(MAPPING, columns=MAPPING.columns[:2]).signature != MAPPING.signature


def test_what_was_chosen_for_a_source_fits_its_next_file() -> None:
    told = instructions(MAPPING)
    fresh = FileMapping(
        sheet="Blad1",
        first=1,
        last=1,
        label=0,
        unit=1,
        columns=tuple(
            FileColumn(place, f"{name} 2021", "own") for place, name in enumerate(["Baten", "Lasten", "Saldo"], 1)
        ),
        lines=(FileLine(2, "Nieuw"), FileLine(3, "Servers"), FileLine(4, "Totaal")),
    )
    chosen = remembered(fresh, told)
    assert (chosen.unit, chosen.style) == (1000, MAPPING.style)
    assert chosen.columns[2].terms == ((1, 1), (2, -1))
    assert chosen.lines == (
        FileLine(2, "Nieuw"),
        FileLine(3, "Servers"),
        FileLine(4, "Totaal", "total", members=((3, 1),)),
    )


def test_instructions_change_only_what_they_name() -> None:
    told: dict[str, Any] = {"unit": 1, "lines": {"Totaal (2)": {"kind": "total", "members": {"Servers": -1}}}}
    chosen = instructed(MAPPING, told)
    assert (chosen.unit, chosen.columns, chosen.style) == (1, MAPPING.columns, MAPPING.style)
    assert chosen.lines == (*MAPPING.lines[:2], FileLine(6, "Totaal", "total", members=((4, -1),)))


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"colums": {}}, "Onbekend in de koppeling: colums."),
        ({"columns": {"Baten": {}}}, "Het bestand heeft geen kolom “Baten”."),
        ({"columns": {"Saldo 2020": {"terms": {"Baten": 1}}}}, "Het bestand heeft geen kolom “Baten”."),
        (
            {"columns": {"Saldo 2020": {"use": "resultaat"}}},
            "“resultaat” bestaat niet als bestemming van de kolom “Saldo 2020”.",
        ),
        ({"lines": {"Fietsen": {}}}, "Het bestand heeft geen regel “Fietsen”."),
        ({"lines": {"Totaal": {"members": {"Fietsen": 1}}}}, "Het bestand heeft geen regel “Fietsen”."),
        (
            {"lines": {"Servers": {"kind": "kop"}}},
            "De koppeling geeft de regel “Servers” een soort of richting die niet bestaat.",
        ),
        ({"unit": "1000"}, "Een bestand telt in 1, 1000 of 1000000 euro."),
        (["unit"], NO_SHAPE),
        ({"columns": {"Saldo 2020": "own"}}, NO_SHAPE),
        ({"lines": ["Totaal"]}, NO_SHAPE),
        ({"style": {"colour": "red"}}, "De koppeling noemt een opmaak die niet bestaat: colour."),
    ],
)
def test_instructions_that_do_not_fit_are_refused(told: Any, message: str) -> None:
    with pytest.raises(InstructionError) as refused:
        instructed(MAPPING, told)
    assert str(refused.value) == message
