"""Money in the database: integer cents, because SQLite sums decimals as floats."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable

from .amounts import LARGEST, AmountError, from_cents, to_cents


class AmountField(models.BigIntegerField):
    """Decimal euros in Python, integer cents in the database; sums and filters work on the cents."""

    # What django-stubs reads: the types that a row takes and gives.
    _pyi_private_set_type: Decimal | int | str | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else from_cents(value)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(value)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise ValidationError("Geen geldig bedrag.") from error

    def get_prep_value(self, value: Any) -> int | None:
        """Cents; floats are refused, so that no binary fraction slips in."""
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError("An amount is a Decimal in euros, not a float.")
        try:
            return to_cents(Decimal(value))
        except AmountError as error:
            raise ValidationError(str(error)) from error

    @property
    def validators(self) -> list[Any]:
        """The range of the form applies to euros, not to the integer column."""
        return [_within_range]


def _within_range(value: Decimal) -> None:
    if abs(value) > LARGEST:
        raise ValidationError("Dit bedrag is te groot.")
