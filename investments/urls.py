"""Addresses of figures, below an organisation."""

from django.urls import path

from .views import amendments, explanations, figures, ledger, lines, mapping, tables

app_name = "investments"
urlpatterns = [
    path("tabellen/", tables.table_list, name="table-list"),
    path("tabellen/nieuw/", tables.new_table, name="table-new"),
    path("tabellen/<int:table_id>/", figures.table, name="table"),
    path("tabellen/<int:table_id>/uitkomsten/", figures.computed, name="table-computed"),
    path("tabellen/<int:table_id>/berekenen/", tables.recompute, name="table-recompute"),
    path("tabellen/<int:table_id>/instellingen/", tables.edit_table, name="table-edit"),
    path("tabellen/<int:table_id>/kolommen/", tables.shape_table, name="table-shape"),
    path("tabellen/<int:table_id>/geschiedenis/", tables.history, name="table-history"),
    path("tabellen/<int:table_id>/toelichting/", explanations.explanations, name="explanations"),
    path("tabellen/<int:table_id>/toelichting/schrijven/", explanations.explain_table, name="table-explain"),
    path("tabellen/<int:table_id>/regel/", lines.new_line, name="line-new"),
    path("tabellen/<int:table_id>/totaal/", lines.new_total, name="total-new"),
    path("tabellen/regels/", explanations.own_lines, name="own-lines"),
    path("tabellen/regels/<int:line_id>/", lines.edit_line, name="line-edit"),
    path("tabellen/regels/<int:line_id>/opslaan/", figures.save_line, name="line-save"),
    path("tabellen/regels/<int:line_id>/verplaatsen/", lines.move_line, name="line-move"),
    path("tabellen/regels/<int:line_id>/verwijderen/", lines.remove_line, name="line-remove"),
    path("tabellen/regels/<int:line_id>/wijzigingen/", amendments.amendments, name="line-amendments"),
    path("tabellen/regels/<int:line_id>/toelichting/", explanations.explain_line, name="line-explain"),
    path("tabellen/regels/<int:line_id>/boekingen/", mapping.postings, name="line-postings"),
    path("tabellen/regels/<int:line_id>/boekingen/csv/", mapping.export_postings, name="line-postings-export"),
    path("grootboek/", ledger.start, name="ledger-start"),
    path("grootboek/<int:year>/", ledger.imports, name="ledger"),
    path("grootboek/<int:year>/inlezen/", ledger.read_file, name="ledger-read"),
    path("grootboek/<int:year>/perioden/", ledger.periods, name="ledger-periods"),
    path("grootboek/<int:year>/koppelingen/", mapping.rules, name="ledger-rules"),
    path("grootboek/<int:year>/koppelingen/nieuw/", mapping.new_rule, name="rule-new"),
    path("grootboek/<int:year>/niet-gekoppeld/", mapping.unmapped, name="ledger-unmapped"),
    path("grootboek/koppelingen/<int:rule_id>/beeindigen/", mapping.end_rule, name="rule-end"),
    path("grootboek/bestanden/<int:import_id>/", ledger.one_import, name="ledger-import"),
    path("grootboek/bestanden/<int:import_id>/voortgang/", ledger.import_progress, name="ledger-import-progress"),
    path("grootboek/bestanden/<int:import_id>/verwerken/", ledger.confirm_import, name="ledger-import-confirm"),
    path("grootboek/bestanden/<int:import_id>/intrekken/", ledger.withdraw_import, name="ledger-import-withdraw"),
    path("tabellen/wijzigingen/<int:amendment_id>/intrekken/", amendments.remove_amendment, name="amendment-remove"),
]
