"""Forms about people and teams; who may, and whether it can be done, is decided by the actions."""

from typing import Any

from django import forms

from .actions import memberships_of, shown_person, shown_team
from .models import Organisation, Team, User
from .queries import belongs_elsewhere, log_years, teams
from .roles import Role
from .seen import mark

DUTIES = {
    Role.CONTROLLER: "voert cijfers in en controleert ze",
    Role.TEAM_LEAD: "schrijft de onderdelen van het eigen team",
    Role.DIRECTOR: "beoordeelt onderdelen en maakt edities",
    Role.ADMINISTRATOR: "beheert mensen, teams, huisstijl en indeling",
    Role.AUDITOR: "leest alles, ook het logboek, en wijzigt niets",
}


class TeamForm(forms.Form):
    """The name of a team; `seen` is what the form showed."""

    name = forms.CharField(label="Naam", max_length=120)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, data: Any, team: Team) -> "TeamForm":
        """The form of a team that exists."""
        return cls(data, initial={"name": team.name, "seen": mark(shown_team(team))})


class RolesForm(forms.Form):
    """A person's roles and, for a team lead, the teams."""

    name = forms.CharField(label="Naam", max_length=120)
    roles = forms.MultipleChoiceField(
        label="Rollen",
        choices=[(role.value, f"{role.label}: {duty}") for role, duty in DUTIES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één rol."},
    )
    teams = forms.ModelMultipleChoiceField(
        label="Teams",
        queryset=Team.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Alleen voor een teamleider.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teams"].queryset = own = teams(organisation)  # type: ignore[attr-defined]
        if not own.exists():
            self.fields["teams"].help_text = "Er zijn nog geen teams. Voeg ze eerst toe bij Teams."

    @classmethod
    def of(cls, data: Any, user: User, organisation: Organisation) -> "RolesForm":
        """The form of a member of `queries.people`; a name that another organisation shares is only shown."""
        rows = memberships_of(user)
        initial = {
            "name": user.name,
            "roles": [row.role for row in rows],
            "teams": [team.pk for row in rows for team in row.teams.all()],
            "seen": mark(shown_person(user)),
        }
        form = cls(data, initial=initial, organisation=organisation)
        if belongs_elsewhere(user, organisation):
            name = form.fields["name"]
            name.disabled, name.help_text = True, "Hoort ook bij een andere organisatie; daarom ligt de naam vast."
        return form

    @property
    def entry(self) -> dict[str, Any]:
        """Valid input as the actions take it."""
        entry = {key: value for key, value in self.cleaned_data.items() if key not in {"teams", "seen"}}
        return entry | {"team_ids": [team.pk for team in self.cleaned_data["teams"]]}

    def clean(self) -> dict[str, Any]:
        entry = super().clean() or {}
        leads, chosen = Role.TEAM_LEAD in entry.get("roles", ()), entry.get("teams")
        if leads and not chosen:
            self.add_error("teams", "Kies ten minste één team voor deze teamleider.")
        if chosen and "roles" in entry and not leads:
            self.add_error("roles", "Alleen een teamleider heeft teams: kies ook die rol, of kies geen teams.")
        return entry


class SecurityForm(forms.Form):
    """What an organisation asks of its people."""

    required = forms.BooleanField(
        label="Tweestapsverificatie is verplicht",
        required=False,
        help_text="Wie haar nog niet aan heeft, doet dat bij de volgende pagina; wat net is getypt, blijft bewaard.",
    )


class YearForm(forms.Form):
    """Which year of the log to take along."""

    year = forms.TypedChoiceField(label="Jaar", coerce=int)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(year, str(year)) for year in log_years(organisation)]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]


class PersonForm(RolesForm):
    """Someone who joins the organisation."""

    email = forms.EmailField(label="E-mailadres", max_length=254, help_text="Hierop komt de uitnodiging.")
    field_order = ["name", "email", "roles", "teams"]
