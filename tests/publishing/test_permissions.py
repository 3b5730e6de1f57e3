import pytest

from accounts.members import Member
from accounts.models import Organisation, User
from accounts.roles import Role
from publishing import permissions


@pytest.mark.parametrize("role", Role)
def test_only_the_director_compiles(role: Role) -> None:
    member = Member(User(), Organisation(), frozenset({role}), frozenset())
    assert permissions.may_compile(member) == (role == Role.DIRECTOR)
