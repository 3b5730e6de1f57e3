"""Who may read and change at each address: the table that `test_access` walks."""

from dataclasses import dataclass, field

from django.utils import timezone

from accounts.roles import Role

EVERYONE = frozenset(Role)
CONTROLLER = frozenset({Role.CONTROLLER})
LEAD = frozenset({Role.TEAM_LEAD})
DIRECTOR = frozenset({Role.DIRECTOR})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Access:
    """Roles that may GET and POST; None where the method does not exist. `fields` make a well-formed post."""

    read: frozenset[Role] | None = None
    change: frozenset[Role] | None = None
    fields: dict[str, str] = field(default_factory=dict)


ENTRY = {"version": "1", "label": "Servers", "direction": "credit", "original": "200", "actual": "90"}
KEEPERS = CONTROLLER | ADMINISTRATOR
SEES_PEOPLE = ADMINISTRATOR | {Role.AUDITOR}
SEES_FILES = CONTROLLER | {Role.AUDITOR}
SEES_LEDGER = CONTROLLER | DIRECTOR | {Role.AUDITOR}
EXPLAINS = CONTROLLER | LEAD


def form(who: frozenset[Role], /, **fields: str) -> Access:
    """A page with a form: the same roles see it and send it."""
    return Access(read=who, change=who, fields=fields)


def page(who: frozenset[Role] = EVERYONE) -> Access:
    """A page to read."""
    return Access(read=who)


def press(who: frozenset[Role], /, **fields: str) -> Access:
    """A button: there is nothing to GET."""
    return Access(change=who, fields=fields)


ACCESS = {
    "home": page(),
    "accounts:log": page(SEES_PEOPLE),
    "accounts:log-export": press(SEES_PEOPLE, year=str(timezone.localdate().year)),
    "accounts:person-edit": form(ADMINISTRATOR, roles="auditor"),
    "accounts:person-invite": press(ADMINISTRATOR),
    "accounts:person-list": page(SEES_PEOPLE),
    "accounts:person-log-out": press(ADMINISTRATOR),
    "accounts:person-new": form(ADMINISTRATOR, name="Anna", email="anna@duoplus.example", roles="auditor"),
    "accounts:person-remove": form(ADMINISTRATOR),
    "accounts:person-second-factor": form(ADMINISTRATOR),
    "accounts:security": form(ADMINISTRATOR),
    "accounts:team-edit": form(ADMINISTRATOR, name="Staf"),
    "accounts:team-list": page(SEES_PEOPLE),
    "accounts:team-new": form(ADMINISTRATOR, name="Staf"),
    "accounts:team-remove": form(ADMINISTRATOR),
    "library:document-edit": form(KEEPERS, title="Begroting", year="2020"),
    "library:document-file": page(),
    "library:document-list": page(),
    "library:document-new": form(KEEPERS, title="Kadernota", year="2020"),
    "library:document-remove": form(KEEPERS),
    "library:house-style": form(ADMINISTRATOR, accent="#154273", font="source-sans"),
    "library:house-style-preview": page(ADMINISTRATOR),
    "library:logo": page(),
    "library:theme-edit": form(ADMINISTRATOR, name="Kosten", heading="Kansen voor kosten"),
    "library:theme-list": page(),
    "library:theme-move": press(ADMINISTRATOR, steps="1"),
    "library:theme-new": form(ADMINISTRATOR, name="Kosten", heading="Kansen voor kosten"),
    "library:theme-remove": form(ADMINISTRATOR),
    "investments:amendment-remove": press(CONTROLLER),
    "investments:credit-class": form(CONTROLLER, version="0", ground="late", reason="Te laat gezien."),
    "investments:decision": page(),
    "investments:decision-edit": form(CONTROLLER, version="1", date="2020-07-01", title="Zomernota"),
    "investments:decision-list": page(),
    "investments:decision-new": form(CONTROLLER, date="2020-07-01", title="Zomernota"),
    "investments:decision-remove": form(CONTROLLER, version="1"),
    "investments:causes": form(CONTROLLER, version="0", names="prijs"),
    "investments:deviation-rule": form(
        CONTROLLER, version="0", amount="10.000", both="no", inclusive="no", per_total="no"
    ),
    "investments:deviations": page(),
    "investments:evidence": form(EXPLAINS),
    "investments:explanation-edit": form(EXPLAINS, version="1", explanation="<p>Meer laptops.</p>"),
    "investments:explanation-new": form(EXPLAINS, explanation="<p>Meer laptops.</p>"),
    "investments:explanation-remove": form(EXPLAINS, version="1"),
    "investments:explanations": page(),
    "investments:import": page(SEES_FILES),
    "investments:import-apply": press(CONTROLLER, version="1", seen=""),
    "investments:import-file": page(SEES_FILES),
    "investments:import-list": page(SEES_FILES),
    "investments:import-map": form(CONTROLLER, version="1", first="1", last="1", unit="1000"),
    "investments:import-new": form(CONTROLLER, title="ICT", year="2020", unit="0"),
    "investments:import-undo": form(CONTROLLER),
    "investments:lawfulness": page(),
    "investments:lawfulness-limit": form(CONTROLLER, version="0", percentage="1"),
    "investments:line-amendments": Access(read=EVERYONE, change=CONTROLLER, fields={"decision": "1", "amount": "5"}),
    "investments:line-edit": form(CONTROLLER, **ENTRY),
    "investments:line-explain": form(EXPLAINS, version="1", explanation="<p>Meer laptops.</p>"),
    "investments:line-move": press(CONTROLLER, steps="1"),
    "investments:line-new": form(CONTROLLER, **ENTRY),
    "investments:ledger": page(SEES_LEDGER),
    "investments:ledger-import": page(SEES_LEDGER),
    "investments:ledger-import-columns": form(CONTROLLER, account="Rekening", date="Datum", amount="Bedrag"),
    "investments:ledger-import-confirm": press(CONTROLLER),
    "investments:ledger-import-progress": page(SEES_LEDGER),
    "investments:ledger-import-withdraw": press(CONTROLLER),
    "investments:ledger-periods": Access(read=SEES_LEDGER, change=CONTROLLER, fields={"period": "3"}),
    "investments:ledger-read": form(CONTROLLER),
    "investments:ledger-rules": page(SEES_LEDGER),
    "investments:ledger-start": page(SEES_LEDGER),
    "investments:ledger-unmapped": page(SEES_LEDGER),
    "investments:line-postings": page(SEES_LEDGER | LEAD),
    "investments:line-postings-export": page(SEES_LEDGER | LEAD),
    "investments:line-remove": form(CONTROLLER, version="1"),
    "investments:line-save": press(CONTROLLER, **ENTRY),
    "investments:line-state": form(CONTROLLER, version="1", stated_amended="100"),
    "investments:own-lines": page(),
    "investments:quote-new": form(CONTROLLER, version="1", text="€ 90", amount="90", resolution="1", column="actual"),
    "investments:quote-remove": press(CONTROLLER, version="1", place="0"),
    "investments:rule-end": press(CONTROLLER),
    "investments:rule-new": form(CONTROLLER, account_from="4310"),
    "investments:table": page(),
    "investments:table-csv": page(),
    "investments:table-xlsx": page(),
    "investments:table-computed": page(),
    "investments:table-deviations": page(),
    "investments:table-edit": form(CONTROLLER, version="1", title="ICT", year="2020", unit="1000"),
    "investments:table-explain": form(CONTROLLER, version="1", explanation="<p>Minder servers.</p>"),
    "investments:table-follow": press(CONTROLLER, version="1"),
    "investments:table-history": page(),
    "investments:table-list": page(),
    "investments:table-new": form(CONTROLLER, title="ICT", year="2020", unit="1000", kind="investments"),
    "investments:table-rule": form(
        CONTROLLER, version="0", own="yes", amount="10.000", both="no", inclusive="no", per_total="no"
    ),
    "investments:table-shape": form(
        CONTROLLER,
        **{
            "version": "1",
            "expense_sign": "1",
            "income_sign": "-1",
            "marks": "sign",
            "resolution": "1",
            "columns-TOTAL_FORMS": "1",
            "columns-INITIAL_FORMS": "0",
            "columns-0-label": "rekening 2020",
            "columns-0-sort": "actual",
            "columns-0-ORDER": "1",
        },
    ),
    "investments:table-proof": page(),
    "investments:table-recompute": press(CONTROLLER),
    "investments:total-new": form(CONTROLLER, label="Totaal"),
    "publishing:check": form(EVERYONE),
    "publishing:compile": form(DIRECTOR, draft="yes"),
    "publishing:edition": page(),
    "publishing:edition-cancel": press(DIRECTOR),
    "publishing:edition-chapter": press(DIRECTOR, number="1"),
    "publishing:edition-cover": page(),
    "publishing:edition-facts": page(),
    "publishing:edition-file": page(),
    "publishing:edition-list": page(),
    "publishing:edition-progress": page(),
    "publishing:edition-sign": page(),
    "publishing:preview": page(),
    "publishing:preview-page": page(),
    "publishing:preview-state": page(),
    "reports:arrange": page(ADMINISTRATOR),
    "reports:chapter-edit": form(ADMINISTRATOR, title="Programma Staf", kind="programme"),
    "reports:chapter-move": press(ADMINISTRATOR, parent="", place="0"),
    "reports:chapter-new": form(ADMINISTRATOR, title="Programma Staf", kind="programme"),
    "reports:chapter-read": page(),
    "reports:chapter-remove": form(ADMINISTRATOR),
    "reports:own-sections": page(LEAD),
    "reports:report": page(),
    "reports:report-list": page(),
    "reports:report-new": form(
        ADMINISTRATOR, title="Begroting 2021", kind="budget", year="2021", slug="begroting-2021"
    ),
    "reports:section": page(),
    "reports:section-arrange": form(ADMINISTRATOR, title="Speerpunten"),
    "reports:section-autosave": press(LEAD, version="1", text="<p>Nieuw.</p>"),
    "reports:section-move": press(ADMINISTRATOR, place="0"),
    "reports:section-new": form(ADMINISTRATOR, title="Speerpunten", kind="narrative"),
    "reports:section-remove": form(ADMINISTRATOR),
    "reports:section-step": press(LEAD, version="1"),
    "reports:section-write": form(LEAD, version="1", text="<p>Nieuw.</p>"),
    "reports:to-review": page(DIRECTOR),
    "reports:version": page(),
    "reports:version-restore": press(LEAD, version="1"),
    "reports:versions": page(),
}
OPEN = {
    "start",
    "account_change_password",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "mfa_activate_totp",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "usersessions_list",
}
