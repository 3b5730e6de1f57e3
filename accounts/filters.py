"""Which people and which entries of the log to list."""

from datetime import date, datetime, time

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from . import queries
from .deeds import DEEDS
from .models import LogEntry, Result, Team, User
from .requests import MemberRequest
from .roles import Role

# Before any entry, and a day that has a beginning in UTC too.
LONG_AGO = date(2000, 1, 1)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def own_teams(request: MemberRequest) -> QuerySet[Team]:
    return queries.teams(request.member.organisation)


def people_in_log(request: MemberRequest) -> QuerySet[User]:
    return queries.people_in_log(request.member.organisation)


class PersonFilter(filters.FilterSet):
    """By name or address, role and team."""

    name = filters.CharFilter(label="Naam of e-mailadres", method="by_name")
    role = filters.ChoiceFilter(label="Rol", choices=Role.choices, empty_label="alle rollen", method="by_role")
    team = filters.ModelChoiceFilter(label="Team", queryset=own_teams, empty_label="alle teams", method="by_team")

    class Meta:
        model = User
        fields = ["name", "role", "team"]

    def by_name(self, rows: QuerySet[User], field: str, value: str) -> QuerySet[User]:
        return rows.filter(Q(name__icontains=value) | Q(email__icontains=value))

    def by_role(self, rows: QuerySet[User], field: str, value: str) -> QuerySet[User]:
        return rows.filter(pk__in=queries.holders(self.request.member.organisation, role=value).values("user"))

    def by_team(self, rows: QuerySet[User], field: str, value: Team) -> QuerySet[User]:
        return rows.filter(pk__in=queries.holders(self.request.member.organisation, team=value).values("user"))


class LogFilter(filters.FilterSet):
    """By person, deed, result and period."""

    user = filters.ModelChoiceFilter(label="Wie", queryset=people_in_log, empty_label="iedereen")
    action = filters.ChoiceFilter(label="Wat", choices=list(DEEDS.items()), empty_label="alles")
    result = filters.ChoiceFilter(label="Resultaat", choices=Result.choices, empty_label="alle resultaten")
    since = filters.DateFilter(label="Vanaf", method="since_day", widget=DAY)
    until = filters.DateFilter(label="Tot en met", method="until_day", widget=DAY)

    class Meta:
        model = LogEntry
        fields = ["user", "action", "result", "since", "until"]

    # By moments, which have an index, not by the date of each row.
    def since_day(self, rows: QuerySet[LogEntry], field: str, value: date) -> QuerySet[LogEntry]:
        start = datetime.combine(max(value, LONG_AGO), time.min, tzinfo=timezone.get_current_timezone())
        return rows.filter(at__gte=start)

    def until_day(self, rows: QuerySet[LogEntry], field: str, value: date) -> QuerySet[LogEntry]:
        end = datetime.combine(value, time.max, tzinfo=timezone.get_current_timezone())
        return rows.filter(at__lte=end)
