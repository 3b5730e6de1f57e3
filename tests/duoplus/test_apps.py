from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from accounts import append_only

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def triggers_lifted(transactional_db: None) -> Iterator[None]:
    """Migrating brings back what keeps the log from being emptied after the test."""
    yield
    append_only.lift(connection, ("DELETE", "TRUNCATE"))


@pytest.mark.usefixtures("triggers_lifted")
def test_migrating_makes_the_table_that_throttling_counts_in() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cache")
    call_command("migrate", verbosity=0)
    assert "cache" in connection.introspection.table_names()
