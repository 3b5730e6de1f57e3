"""What an organisation asks of its explanations: from when, and which causes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.models import Organisation
from accounts.permissions import require

from .. import explaining, permissions
from ..models import DeviationRule
from .recording import Shown, check_version, locked_table, record, shown


@dataclass(frozen=True)
class RuleInput:
    """From when a deviation must be explained: euros, percent of |amended|, how they go together, per line or total."""

    amount: Decimal | None = None
    percentage: Decimal | None = None
    both: bool = False
    inclusive: bool = False
    per_total: bool = False


@transaction.atomic
def set_deviation_rule(member: Member, year: int, seen_version: int, entry: RuleInput) -> DeviationRule:
    """The rule of a year; `seen_version` is 0 when there was none. Raises Conflict."""
    require(permissions.may_edit_figures(member))
    _hold(member.organisation)
    rule = explaining.rule(member.organisation, year)
    if rule.pk and _entry(rule) == entry:
        return rule
    check_version(member, rule, seen_version, shown_rule(_entry(rule)), shown_rule(entry), rule=rule.pk or 0)
    _save(member, rule, entry, year=year)
    return rule


@transaction.atomic
def set_table_rule(member: Member, table_id: int, seen_version: int, entry: RuleInput | None) -> None:
    """The rule of one table; None: that of its year holds. `seen_version` is 0 when it never had one; Conflict."""
    require(permissions.may_edit_figures(member))
    table = locked_table(member, table_id)
    rule = explaining.own_rule(table)
    held = _entry(rule) if rule.applies else None
    if held == entry:
        return
    theirs, mine = _shown_own(held), _shown_own(entry)
    check_version(member, rule, seen_version, theirs, mine, rule=rule.pk or 0)
    record(member, table, "norm voor toelichten", _words(theirs), _words(mine))
    rule.applies = entry is not None
    _save(member, rule, entry or _entry(rule), table=table.pk, applies=rule.applies)


def _save(member: Member, rule: DeviationRule, entry: RuleInput, **ids: Any) -> None:
    values = asdict(entry)
    for name, value in values.items():
        setattr(rule, name, value)
    rule.version += 1
    rule.save()
    told: dict[str, Any] = {**values, "amount": shown("amount", rule.amount), "percentage": str(rule.percentage)}
    log.record(member, "investments.set_deviation_rule", rule, rule=rule.pk, **ids, **told)


@transaction.atomic
def set_causes(member: Member, seen_version: int, names: Sequence[str]) -> None:
    """The causes to choose from; explanations keep the one they have. Raises Conflict, and Refused without any."""
    require(permissions.may_edit_figures(member))
    if not names:
        raise Refused("Noem ten minste één oorzaak.")
    _hold(member.organisation)
    held = explaining.cause_list(member.organisation)
    theirs, mine = [("oorzaken", ", ".join(held.names))], [("oorzaken", ", ".join(names))]
    check_version(member, held, seen_version, theirs, mine, causes=held.pk or 0)
    held.names, held.version = list(names), held.version + 1
    held.save()
    log.record(member, "investments.set_causes", held, causes=held.pk)


def shown_rule(entry: RuleInput) -> Shown:
    """The rule as people read it."""
    return [
        ("bedrag", shown("amount", entry.amount)),
        ("percentage", "leeg" if entry.percentage is None else f"{entry.percentage:f}".replace(".", ",")),
        ("samen", "beide" if entry.both else "één van beide"),
        ("grens", "vanaf" if entry.inclusive else "meer dan"),
        ("per", "totaal" if entry.per_total else "regel"),
    ]


def _shown_own(entry: RuleInput | None) -> Shown:
    """The same of a table: nothing but its first line when that of the year holds."""
    whose = [("norm", "van het jaar" if entry is None else "van de tabel")]
    return whose + (shown_rule(entry) if entry else [(name, "") for name, _ in shown_rule(RuleInput())])


def _words(told: Shown) -> str:
    return ", ".join(value if name == "norm" else f"{name} {value}" for name, value in told if value)


def _entry(rule: DeviationRule) -> RuleInput:
    return RuleInput(rule.amount, rule.percentage, rule.both, rule.inclusive, rule.per_total)


def _hold(organisation: Organisation) -> None:
    """Of two who set the first rule at once the second sees that of the first."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
