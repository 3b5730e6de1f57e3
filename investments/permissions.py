"""Who may do what with figures: small predicates, shared by actions and templates."""

from collections.abc import Iterable

from accounts.members import Member
from accounts.roles import Role

from .models import Line


def may_edit_figures(member: Member) -> bool:
    """The controller enters and checks figures."""
    return member.has(Role.CONTROLLER)


def may_explain_line(member: Member, line: Line) -> bool:
    """A line's deviation is explained by the controller or by the lead of the team that owns the line."""
    return member.has(Role.CONTROLLER) or member.leads(line.owner_team_id)


def may_explain_lines(member: Member, lines: Iterable[Line]) -> bool:
    """One explanation covers only lines that its writer may explain."""
    return all(may_explain_line(member, line) for line in lines) and member.has(Role.CONTROLLER, Role.TEAM_LEAD)
