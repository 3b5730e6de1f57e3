from datetime import UTC, datetime

import pytest

from reports import queries
from reports.forms.versions import OtherForm, words
from reports.models import SectionVersion
from tests.reports import office as offices

pytestmark = pytest.mark.django_db


def test_the_other_version_is_chosen_by_number() -> None:
    office = offices.build()
    office.write("<p>een</p>")
    office.write("<p>twee</p>")
    versions = queries.versions(office.section)
    SectionVersion.objects.update(saved_at=datetime(2021, 3, 12, 13, 32, tzinfo=UTC))
    form = OtherForm({"met": "2"}, versions=versions)
    assert form.chosen() == SectionVersion.objects.get(number=2)
    assert form.fields["met"].choices == [  # type: ignore[attr-defined]
        ("", "de versie ervoor"),
        (3, "versie 3 van 12 maart 2021 14:32, Joost Vermaat"),
        (2, "versie 2 van 12 maart 2021 14:32, Joost Vermaat"),
    ]
    assert words(SectionVersion.objects.get(number=2)) == "versie 2 van 12 maart 2021 14:32, Joost Vermaat"


@pytest.mark.parametrize("chosen", [None, {}, {"met": ""}, {"met": "9"}, {"met": "x"}])
def test_no_choice_and_a_wrong_choice_choose_nothing(chosen: dict[str, str] | None) -> None:
    office = offices.build()
    office.write("<p>een</p>")
    assert OtherForm(chosen, versions=queries.versions(office.section)).chosen() is None
