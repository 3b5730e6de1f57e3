"""The five roles of a member of an organisation (domain, "Life of a section and a report")."""

from django.db.models import TextChoices


class Role(TextChoices):
    CONTROLLER = "controller", "controller"
    TEAM_LEAD = "team_lead", "teamleider"
    DIRECTOR = "director", "directeur"
    ADMINISTRATOR = "administrator", "functioneel beheerder"
    AUDITOR = "auditor", "auditor"
