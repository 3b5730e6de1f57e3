import pytest
from django.db.models import Model, ProtectedError

from accounts.errors import in_use
from accounts.models import Team


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Voorwoord"], "“Voorwoord”"),
        (["Voorwoord", "Leeswijzer"], "“Leeswijzer” en “Voorwoord”"),
        (["C", "B", "A"], "“A”, “B” en “C”"),
        (["D", "C", "B", "A"], "“A”, “B”, “C” en nog 1"),
        (["A", "A"], "“A”"),
    ],
)
def test_what_stands_in_the_way_is_named(names: list[str], said: str) -> None:
    rows: set[Model] = {Team(pk=number, name=name) for number, name in enumerate(names, start=1)}
    assert in_use(ProtectedError("", rows)) == said
