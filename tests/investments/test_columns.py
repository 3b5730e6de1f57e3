import pytest

from investments.columns import (
    DEFAULTS,
    FIVE,
    Column,
    ColumnError,
    ColumnKind,
    TableKind,
    check,
    column,
    columns_for,
)

REMAINDER = Column("remainder", "restant", terms=(("amended", 1), ("actual", -1)))


def test_the_five_columns_carry_the_year() -> None:
    assert [(item.key, item.label) for item in columns_for(TableKind.INVESTMENTS, [], 2020)] == [
        ("original", "begroot 2020"),
        ("amendments", "wijziging 2020"),
        ("amended", "begroot na wijzigingen 2020"),
        ("actual", "rekening 2020"),
        ("result", "resultaat 2020"),
    ]


def test_columns_tell_of_the_years_around_theirs() -> None:
    labels = [item.label for item in columns_for(TableKind.CREDITS, [], 2020)]
    assert labels == ["krediet", "besteed t/m 2019", "besteed 2020", "restant", "over naar 2021", "stand"]


def test_a_table_may_choose_its_own_columns() -> None:
    chosen = columns_for(
        TableKind.FREE, [{"key": "actual", "label": "realisatie {year}"}, {"key": "result", "label": "saldo"}], 2021
    )
    assert chosen == (Column("actual", "realisatie 2021"), Column("result", "saldo"))


@pytest.mark.parametrize("item", [*FIVE, REMAINDER, Column("status", "stand", ColumnKind.TEXT, unknown=True)])
def test_a_column_comes_back_from_its_data(item: Column) -> None:
    assert column(item.as_data()) == item
    assert set(FIVE[0].as_data()) == {"key", "label"}


@pytest.mark.parametrize("kind", TableKind)
def test_the_columns_of_every_kind_can_stand_together(kind: TableKind) -> None:
    check(DEFAULTS[kind])


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ([FIVE[0], FIVE[0]], "De kolom “begroot {year}” staat er twee keer in."),
        (
            [Column("rest", "rest", terms=(("spent", 1),))],
            "De kolom “rest” telt een kolom op die er niet is of geen bedragen bevat.",
        ),
        (
            [Column("status", "stand", ColumnKind.TEXT), Column("rest", "rest", terms=(("status", 1),))],
            "De kolom “rest” telt een kolom op die er niet is of geen bedragen bevat.",
        ),
        (
            [Column("a", "eerste", terms=(("b", 1),)), Column("b", "tweede", terms=(("a", 1),))],
            "De kolom “eerste” telt zichzelf mee.",
        ),
    ],
)
def test_columns_that_cannot_stand_together_are_refused(columns: list[Column], message: str) -> None:
    with pytest.raises(ColumnError) as refused:
        check(columns)
    assert str(refused.value) == message


def test_people_type_in_columns_that_are_neither_budget_nor_sum() -> None:
    assert [item.is_typed for item in DEFAULTS[TableKind.CREDITS]] == [False, True, False, False, True, True]
    assert not Column("mark", "V/N").is_amount
