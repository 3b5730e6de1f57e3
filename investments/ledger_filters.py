"""Which imports, rules, accounts and postings to list."""

import django_filters as filters
from django.db.models import Q, QuerySet

from .models import ImportState, LedgerImport, LedgerRule, Posting


class ImportFilter(filters.FilterSet):
    """By how far the file is, and words of its name."""

    state = filters.ChoiceFilter(label="stand", choices=ImportState.choices, empty_label="alle")
    text = filters.CharFilter(label="bestand bevat", field_name="name", lookup_expr="icontains")

    class Meta:
        model = LedgerImport
        fields = ["state", "text"]


class RuleFilter(filters.FilterSet):
    """By an account that the rule counts, and words of its line or table."""

    account = filters.CharFilter(label="rekening", method="keep_account")
    text = filters.CharFilter(label="regel of tabel bevat", method="keep_text")

    class Meta:
        model = LedgerRule
        fields = ["account", "text"]

    def keep_account(self, rows: QuerySet[LedgerRule], name: str, value: str) -> QuerySet[LedgerRule]:
        return rows.filter(account_from__lte=value, account_to__gte=value)

    def keep_text(self, rows: QuerySet[LedgerRule], name: str, value: str) -> QuerySet[LedgerRule]:
        return rows.filter(Q(line__label__icontains=value) | Q(line__table__title__icontains=value))


class AccountFilter(filters.FilterSet):
    """By how the account begins."""

    account = filters.CharFilter(label="rekening begint met", field_name="account", lookup_expr="startswith")


class PostingFilter(filters.FilterSet):
    """By period, and words of what stands in the posting."""

    period = filters.NumberFilter(label="periode")
    text = filters.CharFilter(label="rekening, omschrijving of boekstuk bevat", method="keep_text")

    class Meta:
        model = Posting
        fields = ["period", "text"]

    def keep_text(self, rows: QuerySet[Posting], name: str, value: str) -> QuerySet[Posting]:
        found = Q()
        for field in ("account", "cost_centre", "task_field", "description", "document"):
            found |= Q(**{f"{field}__icontains": value})
        return rows.filter(found)
