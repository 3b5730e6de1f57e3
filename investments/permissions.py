"""Who may do what with figures: small predicates, shared by actions and templates."""

from accounts.members import Member
from accounts.roles import Role

from .models import Line


def may_edit_figures(member: Member) -> bool:
    """The controller enters and checks figures."""
    return member.has(Role.CONTROLLER)


def may_read_ledger(member: Member) -> bool:
    """Postings can name people: who enters and who checks figures sees them, not the whole house."""
    return member.has(Role.CONTROLLER, Role.DIRECTOR, Role.AUDITOR)


def may_read_postings(member: Member, line: Line) -> bool:
    """The lead of the team that owns the line sees what it is made of, to explain it."""
    return may_read_ledger(member) or member.leads(line.owner_team_id)


def may_explain_line(member: Member, line: Line) -> bool:
    """A line's deviation is explained by the controller or by the lead of the team that owns the line."""
    return member.has(Role.CONTROLLER) or member.leads(line.owner_team_id)
