"""Rows that several tests look at, made once; what a test changes of them is undone as ever."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def shared_rows(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is made meanwhile is there for every test of the class or module whose fixture this is, and for none after.

    For tests that leave transactions to pytest: others would not see it, or empty the tables.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
