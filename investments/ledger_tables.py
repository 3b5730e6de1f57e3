"""Lists of the ledger: columns and their defaults, nothing calculated."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables

from .amounts import euros, grouped, to_cents
from .models import LedgerImport, LedgerRule, LedgerVersion, Posting
from .tables import MAIN, NOWRAP, NUMBER


class EuroColumn(tables.Column):
    """An amount in euros, right-aligned."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs=NUMBER, **kwargs)

    def render(self, value: Decimal) -> str:
        return euros(to_cents(value))

    def value(self, value: Decimal) -> Decimal:
        return value


class CountColumn(tables.Column):
    """A number of rows, right-aligned."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs=NUMBER, **kwargs)

    def render(self, value: int) -> str:
        return grouped(value)

    def value(self, value: int) -> int:
        return value


class ImportTable(tables.Table):
    """Files of postings of one year."""

    name = tables.TemplateColumn(
        template_name="investments/columns/ledger_import.html", verbose_name="bestand", attrs=MAIN
    )
    created_at = tables.DateTimeColumn(verbose_name="aangeboden", format="j F Y H:i", attrs=NOWRAP)
    by = tables.Column(verbose_name="door", accessor="by__name", default="opdracht")
    rows = CountColumn(verbose_name="boekingen")
    debit = EuroColumn(verbose_name="debet")
    credit = EuroColumn(verbose_name="credit")
    state = tables.TemplateColumn(template_name="investments/columns/import_state.html", verbose_name="stand")

    class Meta:
        model = LedgerImport
        fields = ()
        attrs = {"label": "Bestanden met boekingen"}
        order_by = ("-created_at",)
        empty_text = "Er is geen bestand dat hieraan voldoet. Een controller levert er een aan met “Boekingen inlezen”."


class RuleTable(tables.Table):
    """The rules in force."""

    account_from = tables.Column(verbose_name="rekening", attrs=NOWRAP)
    cost_centre_from = tables.Column(verbose_name="kostenplaats", empty_values=(), attrs=NOWRAP)
    line = tables.TemplateColumn(
        template_name="investments/columns/rule_line.html",
        verbose_name="regel",
        order_by=("line__label",),
        attrs=MAIN,
    )
    table = tables.Column(verbose_name="tabel", accessor="line__table", order_by=("line__table__title",))
    since = tables.Column(verbose_name="sinds versie", attrs=NUMBER)
    end = tables.TemplateColumn(
        template_name="investments/columns/rule_end.html",
        verbose_name="",
        exclude_from_export=True,
        orderable=False,
        attrs={"td": {"class": "action"}},
    )

    class Meta:
        model = LedgerRule
        fields = ()
        attrs = {"label": "Koppelingen"}
        order_by = ("account_from",)
        empty_text = "Er is geen koppeling die hieraan voldoet."

    def render_account_from(self, record: LedgerRule) -> str:
        return str(record.accounts)

    def render_cost_centre_from(self, record: LedgerRule) -> str:
        return str(record.cost_centres)


class VersionTable(tables.Table):
    """Changes of the rules."""

    number = tables.Column(verbose_name="versie", attrs=NUMBER)
    at = tables.DateTimeColumn(verbose_name="op", format="j F Y H:i", attrs=NOWRAP)
    by = tables.Column(verbose_name="door", accessor="by__name")
    told = tables.Column(verbose_name="wat er veranderde", attrs=MAIN)

    class Meta:
        model = LedgerVersion
        fields = ()
        prefix = "versies-"
        attrs = {"label": "Versies van de koppelingen"}
        order_by = ("-number",)
        empty_text = "Er is nog niets gekoppeld."


class UnmappedTable(tables.Table):
    """What no rule counts, by account; a row is a plain mapping."""

    account = tables.Column(verbose_name="rekening", attrs=NOWRAP)
    centres = tables.Column(verbose_name="kostenplaatsen", attrs=NUMBER)
    count = CountColumn(verbose_name="boekingen")
    sum = EuroColumn(verbose_name="saldo")
    map = tables.TemplateColumn(
        template_name="investments/columns/map_account.html",
        verbose_name="",
        exclude_from_export=True,
        orderable=False,
        attrs={"td": {"class": "action"}},
    )

    class Meta:
        attrs = {"label": "Niet gekoppelde rekeningen"}
        order_by = ("account",)
        empty_text = "Er is geen niet gekoppelde rekening die hieraan voldoet."


class PostingTable(tables.Table):
    """The postings of one line."""

    date = tables.DateColumn(verbose_name="datum", format="d-m-Y", attrs=NOWRAP)
    description = tables.Column(verbose_name="omschrijving", default="", attrs=MAIN)
    amount = EuroColumn(verbose_name="bedrag")
    account = tables.Column(verbose_name="rekening", attrs=NOWRAP)
    cost_centre = tables.Column(verbose_name="kostenplaats", default="", attrs=NOWRAP)
    period = tables.Column(verbose_name="periode", attrs=NUMBER)
    task_field = tables.Column(verbose_name="taakveld", default="")
    document = tables.Column(verbose_name="boekstuk", default="", attrs=NOWRAP)

    class Meta:
        model = Posting
        fields = ()
        attrs = {"label": "Boekingen"}
        order_by = ("date", "document")
        empty_text = "Er zijn geen boekingen die hieraan voldoen."


class ChoosableTable(PostingTable):
    """The same, to choose from."""

    choose = tables.TemplateColumn(
        template_name="investments/columns/choose_posting.html",
        verbose_name="kies",
        exclude_from_export=True,
        orderable=False,
    )

    class Meta(PostingTable.Meta):
        sequence = ("choose", "...")
