"""Who may change an organisation's material."""

from accounts.members import Member
from accounts.roles import Role


def may_edit_style(member: Member) -> bool:
    """House style and themes belong to the functional administrator."""
    return member.has(Role.ADMINISTRATOR)


def may_edit_documents(member: Member) -> bool:
    """Source documents are kept by the controller and the functional administrator."""
    return member.has(Role.ADMINISTRATOR, Role.CONTROLLER)
