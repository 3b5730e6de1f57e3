"""What the actions of all apps are called in the log, in Dutch.

The words stand in one place because the log is one list; an action without words fails a test.
"""

from collections.abc import Collection, Mapping
from typing import Any

from .roles import Role

DEEDS = {
    "accounts.add_organisation": "organisatie aangemaakt",
    "accounts.add_team": "team toegevoegd",
    "accounts.rename_team": "team hernoemd",
    "accounts.remove_team": "team verwijderd",
    "accounts.add_person": "persoon toegevoegd",
    "accounts.update_person": "rollen of teams gewijzigd",
    "accounts.remove_person": "persoon uit de organisatie verwijderd",
    "accounts.invite": "uitnodiging gestuurd",
    "accounts.log_in": "inloggen",
    "accounts.log_out": "uitgelogd",
    "accounts.end_sessions": "elders uitgelogd",
    "accounts.log_out_everywhere": "iemand overal uitgelogd",
    "accounts.change_password": "wachtwoord gewijzigd",
    "accounts.reset_password": "wachtwoord opnieuw gekozen via een mail",
    "accounts.enable_second_factor": "tweestapsverificatie aangezet",
    "accounts.disable_second_factor": "tweestapsverificatie uitgezet",
    "accounts.reset_second_factor": "tweestapsverificatie van iemand uitgezet",
    "accounts.use_recovery_code": "herstelcode gebruikt",
    "accounts.renew_recovery_codes": "nieuwe herstelcodes gemaakt",
    "accounts.export_log": "logboek geëxporteerd",
    "accounts.ask_page": "pagina gevraagd",
    "accounts.ask_change": "wijziging gevraagd",
    "accounts.ask_elsewhere": "adres van een andere organisatie gevraagd",
    "accounts.set_second_factor_required": "beveiliging gewijzigd",
    "library.add_document": "bron toegevoegd",
    "library.update_document": "bron gewijzigd",
    "library.remove_document": "bron verwijderd",
    "library.add_theme": "thema toegevoegd",
    "library.update_theme": "thema gewijzigd",
    "library.move_theme": "thema verplaatst",
    "library.remove_theme": "thema verwijderd",
    "library.save_house_style": "huisstijl gewijzigd",
    "investments.create_table": "tabel aangemaakt",
    "investments.state_figures": "bedragen volgens de bron vastgelegd",
    "investments.update_table": "tabel gewijzigd",
    "investments.follow_table": "tabel van vorig jaar gekozen",
    "investments.shape_table": "kolommen of opmaak van tabel gewijzigd",
    "investments.explain_table": "toelichting bij tabel geschreven",
    "investments.add_line": "regel toegevoegd",
    "investments.save_line": "regel gewijzigd",
    "investments.move_line": "regel verplaatst",
    "investments.remove_line": "regel verwijderd",
    "investments.state_quotes": "uitspraken over een tabel gewijzigd",
    "investments.add_explanation": "afwijking toegelicht",
    "investments.save_explanation": "toelichting gewijzigd",
    "investments.remove_explanation": "toelichting verwijderd",
    "investments.set_deviation_rule": "norm voor toelichten gewijzigd",
    "investments.set_causes": "oorzaken gewijzigd",
    "investments.classify_credit": "overschreden krediet geclassificeerd",
    "investments.set_lawfulness_limit": "rechtmatigheidsgrens gewijzigd",
    "investments.set_members": "telling gewijzigd",
    "investments.recompute": "berekening opnieuw gevraagd",
    "investments.hand_in_file": "bestand voor een tabel aangeboden",
    "investments.map_file": "kolommen van een bestand gekoppeld",
    "investments.apply_import": "bestand ingevoerd",
    "investments.undo_import": "invoer uit bestand ongedaan gemaakt",
    "investments.add_decision": "besluit tot begrotingswijziging toegevoegd",
    "investments.save_decision": "besluit tot begrotingswijziging gewijzigd",
    "investments.remove_decision": "besluit tot begrotingswijziging ingetrokken",
    "investments.add_amendment": "begrotingswijziging toegevoegd",
    "investments.remove_amendment": "begrotingswijziging verwijderd",
    "investments.request_import": "grootboekbestand aangeboden",
    "investments.choose_columns": "kolommen van een grootboekbestand gekozen",
    "investments.confirm_import": "verwerken van grootboekbestand gevraagd",
    "investments.withdraw_import": "grootboekbestand ingetrokken",
    "investments.store_import": "boekingen verwerkt",
    "investments.choose_postings": "boekingen als bewijs gekozen",
    "investments.add_rule": "grootboekrekeningen gekoppeld",
    "investments.end_rule": "koppeling met grootboek beëindigd",
    "investments.close_period": "periode afgesloten",
    "investments.open_period": "periode opengesteld",
    "reports.create_report": "rapport aangemaakt",
    "reports.add_chapter": "hoofdstuk toegevoegd",
    "reports.rename_chapter": "hoofdstuk gewijzigd",
    "reports.move_chapter": "hoofdstuk verplaatst",
    "reports.remove_chapter": "hoofdstuk verwijderd",
    "reports.add_section": "onderdeel toegevoegd",
    "reports.update_section": "titel of team van onderdeel gewijzigd",
    "reports.move_section": "onderdeel verplaatst",
    "reports.remove_section": "onderdeel verwijderd",
    "reports.save_section": "onderdeel geschreven",
    "reports.submit": "ter beoordeling aangeboden",
    "reports.withdraw": "teruggenomen",
    "reports.send_back": "teruggestuurd",
    "reports.agree": "akkoord gegeven",
    "publishing.compile": "editie samengesteld",
    "publishing.cancel": "maken van editie afgebroken",
}

# Who is no person: whoever runs the installation.
OPERATOR = "exploitant"
# Why a request was not carried out, by the status of the answer.
REASONS = {
    200: "ging deels niet door",
    302: "ging deels niet door",
    403: "geen recht",
    404: "niet gevonden",
    409: "kon op dat moment niet",
    422: "kon zo niet",
    500: "storing",
}


def words(action: str) -> str:
    """The deed in Dutch; the action's own name when it has no words."""
    return DEEDS.get(action, action)


def details(data: Mapping[str, Any]) -> str:
    """What an entry tells beyond its subject: how it was called before, which roles came and went, why it failed."""
    parts = []
    if "status" in data:
        parts.append(REASONS.get(data["status"], f"fout {data['status']}"))
    if "year" in data and "unit" not in data:
        parts.append(f"over {data['year']}")
    if "was" in data:
        parts.append(f"heette “{data['was']}”")
    if "roles" in data:
        parts.append(f"nu {_roles(data['roles'])}")
    if "was_roles" in data:
        parts.append(f"eerst {_roles(data['was_roles'])}")
    return "; ".join(parts)


def _roles(held: Collection[str]) -> str:
    return ", ".join(role.label for role in Role if role in held)
