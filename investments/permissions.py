"""Who may do what with figures: small predicates, shared by actions and templates."""

from collections.abc import Iterable

from accounts.members import Member
from accounts.roles import Role

from .models import Line


def may_edit_figures(member: Member) -> bool:
    """The controller enters and checks figures."""
    return member.has(Role.CONTROLLER)


def may_see_imports(member: Member) -> bool:
    """Files come from the controller's own administration; the auditor reads everything."""
    return member.has(Role.CONTROLLER) or member.has(Role.AUDITOR)


def may_read_ledger(member: Member) -> bool:
    """Postings can name people: who enters and who checks figures sees them, not the whole house."""
    return member.has(Role.CONTROLLER, Role.DIRECTOR, Role.AUDITOR)


def may_read_postings(member: Member, line: Line) -> bool:
    """The lead of the team that owns the line sees what it is made of, to explain it."""
    return may_read_ledger(member) or member.leads(line.owner_team_id)


def may_choose_postings(member: Member, line: Line) -> bool:
    """Who explains a line and sees what it is made of says which postings bear it out."""
    return may_explain_line(member, line) and may_read_postings(member, line)


def may_explain_line(member: Member, line: Line) -> bool:
    """A line's deviation is explained by the controller or by the lead of the team that owns the line."""
    return member.has(Role.CONTROLLER) or member.leads(line.owner_team_id)


def may_explain_lines(member: Member, lines: Iterable[Line]) -> bool:
    """One explanation covers only lines that its writer may explain."""
    return all(may_explain_line(member, line) for line in lines) and member.has(Role.CONTROLLER, Role.TEAM_LEAD)
