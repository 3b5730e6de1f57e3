from decimal import Decimal

import pytest
from django.template import Context, Template

from investments.judging import Judgement, Verdict
from investments.statements import Cell
from investments.templatetags.figures import verdict_mark


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


def judged(verdict: Verdict) -> Cell:
    judgement = Judgement(7, "actual", "<b>Saldo", "Rekening", False, 1000, verdict, 465_000, 466_000, ())
    return Cell("actual", "465", 46_490_000, judgement)


def test_an_exact_sum_has_a_tick_that_is_also_read_aloud() -> None:
    assert verdict_mark(judged(Verdict.EXACT), "/controle/") == (
        '<span class="verdict verdict--exact verdict--small" title="klopt precies">'
        '<span class="visually-hidden">klopt precies</span></span>'
    )


@pytest.mark.parametrize(("verdict", "word"), [(Verdict.ROUNDING, "afronding"), (Verdict.BROKEN, "telt niet op")])
def test_any_other_sum_leads_to_its_proof(verdict: Verdict, word: str) -> None:
    assert verdict_mark(judged(verdict), "/controle/") == (
        f'<a class="verdict verdict--{verdict.value} verdict--small" href="/controle/#som-7-actual"'
        f' title="Toon de optelling">{word}</a>'
    )


def test_what_is_not_added_up_has_no_mark() -> None:
    assert verdict_mark(Cell("actual", "465", 46_490_000), "/controle/") == ""
