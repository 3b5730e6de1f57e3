from decimal import Decimal

import pytest
from django.template import Context, Template


@pytest.mark.parametrize(
    ("filtered", "value", "text"),
    [
        ("euros", Decimal("1234.5"), "1.234,50"),
        ("euros", Decimal(0), "0"),
        ("euros", None, ""),
        ("favourable", Decimal(1), "True"),
        ("favourable", Decimal(-1), "False"),
        ("favourable", Decimal(0), "None"),
        ("favourable", None, "None"),
        ("share", -10, "-10%"),
        ("share", None, "n.v.t."),
        ("grouped", 1000, "1.000"),
        ("cents", 123450, "1.234,50"),
        ("cents", 0, "0"),
        ("cents", None, ""),
        ("percent", Decimal("2.50"), "2,5%"),
        ("percent", Decimal("10.00"), "10%"),
        ("percent", None, ""),
    ],
)
def test_filters_write_figures_as_people_read_them(filtered: str, value: object, text: str) -> None:
    template = Template(f"{{% load figures %}}{{{{ value|{filtered} }}}}")
    assert template.render(Context({"value": value})) == text
