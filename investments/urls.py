"""Addresses of figures, below an organisation."""

from django.urls import path

from .views import amendments, explanations, figures, files, lines, tables

app_name = "investments"
urlpatterns = [
    path("tabellen/", tables.table_list, name="table-list"),
    path("tabellen/nieuw/", tables.new_table, name="table-new"),
    path("tabellen/bestanden/", files.import_list, name="import-list"),
    path("tabellen/bestanden/nieuw/", files.new_import, name="import-new"),
    path("tabellen/bestanden/<int:import_id>/", files.table_import, name="import"),
    path("tabellen/bestanden/<int:import_id>/koppelen/", files.map_import, name="import-map"),
    path("tabellen/bestanden/<int:import_id>/invoeren/", files.apply_import, name="import-apply"),
    path("tabellen/bestanden/<int:import_id>/ongedaan/", files.undo_import, name="import-undo"),
    path("tabellen/bestanden/<int:import_id>/bestand/", files.import_file, name="import-file"),
    path("tabellen/<int:table_id>/", figures.table, name="table"),
    path("tabellen/<int:table_id>/uitkomsten/", figures.computed, name="table-computed"),
    path("tabellen/<int:table_id>/berekenen/", tables.recompute, name="table-recompute"),
    path("tabellen/<int:table_id>/xlsx/", files.table_xlsx, name="table-xlsx"),
    path("tabellen/<int:table_id>/csv/", files.table_csv, name="table-csv"),
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
    path("tabellen/wijzigingen/<int:amendment_id>/intrekken/", amendments.remove_amendment, name="amendment-remove"),
]
