"""Who may do what with figures: small predicates, shared by actions and templates."""

from accounts.members import Member
from accounts.roles import Role

from .models import Line


def may_edit_figures(member: Member) -> bool:
    """The controller enters and checks figures."""
    return member.has(Role.CONTROLLER)


def may_see_imports(member: Member) -> bool:
    """Files come from the controller's own administration; the auditor reads everything."""
    return member.has(Role.CONTROLLER) or member.has(Role.AUDITOR)


def may_explain_line(member: Member, line: Line) -> bool:
    """A line's deviation is explained by the controller or by the lead of the team that owns the line."""
    return member.has(Role.CONTROLLER) or member.leads(line.owner_team_id)
