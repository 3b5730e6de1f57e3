"""The lists of people, teams and the log."""

from datetime import datetime
from typing import Any

import django_tables2 as tables

from .deeds import OPERATOR, details, words
from .models import LogEntry, Team, User
from .roles import Role

MAIN = {"td": {"class": "main"}}
NOWRAP = {"td": {"class": "nowrap"}}
NUMBER = {"th": {"class": "number"}, "td": {"class": "number"}}


class TeamTable(tables.Table):
    """Teams with who leads them."""

    name = tables.TemplateColumn(
        template_name="accounts/columns/team.html", verbose_name="team", order_by="name", attrs=MAIN
    )
    leads = tables.Column(verbose_name="teamleider", empty_values=(), orderable=False)

    class Meta:
        model = Team
        fields = ()
        attrs = {"label": "Teams"}
        order_by = ("name",)
        empty_text = "Er zijn nog geen teams. Een onderdeel van een rapport hoort bij een team: begin hier."

    def render_leads(self, record: Team) -> str:
        names = [row.user.name for row in record.leads.all()]
        return ", ".join(names) if names else "nog niemand"


class PersonTable(tables.Table):
    """Members with their roles, their teams and whether they have been here."""

    name = tables.TemplateColumn(
        template_name="accounts/columns/person.html", verbose_name="naam", order_by="name", attrs=MAIN
    )
    email = tables.Column(verbose_name="e-mailadres")
    roles = tables.Column(verbose_name="rollen", empty_values=(), orderable=False)
    teams = tables.Column(verbose_name="teams", empty_values=(), orderable=False)
    second_factor = tables.TemplateColumn(
        template_name="accounts/columns/second_factor.html", verbose_name="tweestaps", attrs=NOWRAP
    )
    last_login = tables.TemplateColumn(
        template_name="accounts/columns/access.html",
        verbose_name="laatst ingelogd",
        accessor="seen_here",
        order_by="seen_here",
        attrs=NOWRAP,
    )

    class Meta:
        model = User
        fields = ()
        attrs = {"label": "Mensen"}
        order_by = ("name",)
        empty_text = "Niemand voldoet aan deze keuze. Wis het filter om iedereen te zien."

    def value_last_login(self, record: User) -> datetime | None:
        return record.seen_here  # type: ignore[attr-defined,no-any-return]

    def render_roles(self, record: User) -> str:
        held = {row.role for row in record.own_memberships}  # type: ignore[attr-defined]
        return ", ".join(role.label for role in Role if role in held)

    def render_teams(self, record: User) -> str:
        rows = record.own_memberships  # type: ignore[attr-defined]
        return ", ".join(team.name for row in rows for team in row.teams.all())


class LogTable(tables.Table):
    """Who did what on what, with what result, newest first; the number is that of the seal in the chain."""

    at = tables.DateTimeColumn(verbose_name="tijdstip", format="d-m-Y H:i", attrs=NOWRAP, order_by=("at", "id"))
    user = tables.Column(verbose_name="wie", order_by=("user__name", "-at"), default=OPERATOR)
    action = tables.Column(verbose_name="wat")
    subject = tables.Column(verbose_name="waarvan", attrs=MAIN)
    result = tables.TemplateColumn(
        template_name="accounts/columns/result.html",
        verbose_name="resultaat",
        order_by=("result", "-at"),
        attrs=NOWRAP,
    )
    data = tables.Column(verbose_name="bijzonderheden", orderable=False)
    address = tables.Column(verbose_name="IP-adres", attrs=NOWRAP, default="")
    position = tables.Column(
        accessor="seal__position", verbose_name="zegel", default="wacht", orderable=False, attrs=NUMBER
    )

    class Meta:
        model = LogEntry
        fields = ()
        attrs = {"label": "Logboek"}
        order_by = ("-at",)
        empty_text = "Er is niets vastgelegd dat aan deze keuze voldoet. Wis het filter om alles te zien."

    def render_action(self, value: str) -> str:
        return words(value)

    def render_data(self, value: dict[str, Any]) -> str:
        return details(value)
