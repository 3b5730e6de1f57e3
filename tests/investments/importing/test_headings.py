import pytest

from investments.importing.headings import (
    may_be_sum,
    may_be_total,
    recognise,
    says_expense,
    says_income,
    unit_of,
    usual_sign,
    year_of,
)


@pytest.mark.parametrize(
    ("words", "use"),
    [
        ("Begroting primitief 2020", "original"),
        ("Oorspronkelijke begroting", "original"),
        ("Primaire begroting 2018 Baten", "original"),
        ("wijzigingen", "amendments"),
        ("Begroting na wijziging 2020", "amended"),
        ("Begroot na wijzigingen", "amended"),
        ("Bijgestelde raming", "amended"),
        ("Actuele begroting", "amended"),
        ("Begroting 2020 incl. wijzigingen", "amended"),
        ("Jaarrekening 2020", "actual"),
        ("Realisatie", "actual"),
        ("Werkelijk 2020", "actual"),
        ("Verschil", "result"),
        ("Restant", "result"),
        ("Begroot", "budget"),
        ("Krediet", "budget"),
        ("V/N", "mark"),
        ("Toevoegingen", "own"),
        ("Bijramingen", "own"),
        ("Omschrijving", "own"),
    ],
)
def test_a_heading_says_what_stands_below_it(words: str, use: str) -> None:
    assert recognise(words).use == use


def test_a_heading_has_years_and_may_be_cumulative() -> None:
    found = recognise("Realisatie t/m 2017")
    assert (found.years, found.is_cumulative) == (frozenset({2017}), True)
    assert found.is_about(2017)
    assert not found.is_about(2018)
    assert recognise("Realisatie").is_about(2018)
    assert recognise("Saldo per 31-12-2016").is_cumulative


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("x € 1.000", 1_000),
        ("Bedragen x €1.000", 1_000),
        ("(bedrag x € 1.000)", 1_000),
        ("bedragen x 1000 euro", 1_000),
        ("Bedragen in duizenden euro’s", 1_000),
        ("x € 1 miljoen", 1_000_000),
        ("bedragen in €", 1),
        ("(bedrag x € 1)", 1),
        ("bedragen in hele euro’s", 1),
        ("Programma Bestuur", None),
        ("€ 17.500", None),
    ],
)
def test_a_caption_states_the_unit(caption: str, unit: int | None) -> None:
    assert unit_of(caption) == unit


def test_words_tell_income_expense_and_totals() -> None:
    assert [says_income(words) for words in ("Baten bestuur", "Onttrekkingen reserves", "Lasten", "Totaal")] == [
        True,
        True,
        False,
        False,
    ]
    assert [says_expense(words) for words in ("Lasten bestuur", "Stortingen reserves", "Baten en lasten")] == [
        True,
        True,
        False,
    ]
    assert [may_be_total(words) for words in ("", "Totaal", "Per saldo", "Lasten bestuur", "Servers")] == [
        True,
        True,
        True,
        True,
        False,
    ]
    assert [may_be_sum(words) for words in ("Saldo", "Stand ultimo 2020", "Toevoegingen")] == [True, True, False]
    assert [usual_sign(words) for words in ("Toevoegingen", "Onttrekking via resultaat")] == [1, -1]


@pytest.mark.parametrize(
    ("above", "captions", "year"),
    [
        (["Omschrijving", "Begroting 2020", "Rekening 2020"], [], 2020),
        (["", "Rekening 2019", "Begroting primitief 2020", "Begroting na wijziging 2020", "Rekening 2020"], [], 2020),
        (["", "Rekening 2019", "Begroting 2020", "Begroting 2021"], [], None),
        (["", "Begroting 2021"], [], 2021),
        (["", "Begroting 2021", "Begroting 2022"], [], None),
        (["", "Krediet", "Besteed t/m 2019", "Besteed 2020"], [], 2020),
        (["", "31-12-2020", "31-12-2019"], [], 2020),
        (["", "Begroting", "Rekening"], ["Jaarrekening 2020"], 2020),
        (["", "Bedrag"], ["Jaarrekening 2020"], 2020),
        (["", "Bedrag"], [], None),
    ],
)
def test_headings_tell_the_fiscal_year_or_leave_it_open(
    above: list[str], captions: list[str], year: int | None
) -> None:
    assert year_of(above, captions) == year
