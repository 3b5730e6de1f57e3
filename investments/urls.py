"""Addresses of figures, below an organisation."""

from django.urls import path

from .views import amendments, decisions, deviations, explanations, figures, lawfulness, lines, rules, tables

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
    path("tabellen/besluiten/", decisions.decision_list, name="decision-list"),
    path("tabellen/besluiten/nieuw/", decisions.new_decision, name="decision-new"),
    path("tabellen/besluiten/<int:decision_id>/", decisions.decision, name="decision"),
    path("tabellen/besluiten/<int:decision_id>/wijzigen/", decisions.edit_decision, name="decision-edit"),
    path("tabellen/besluiten/<int:decision_id>/intrekken/", decisions.remove_decision, name="decision-remove"),
    path("tabellen/afwijkingen/", deviations.year, name="deviations"),
    path("tabellen/afwijkingen/norm/", rules.deviation_rule, name="deviation-rule"),
    path("tabellen/afwijkingen/oorzaken/", rules.causes, name="causes"),
    path("tabellen/rechtmatigheid/", lawfulness.year, name="lawfulness"),
    path("tabellen/rechtmatigheid/grens/", lawfulness.limit, name="lawfulness-limit"),
    path("tabellen/regels/<int:line_id>/overschrijding/", lawfulness.classify, name="credit-class"),
    path("tabellen/<int:table_id>/afwijkingen/", deviations.table, name="table-deviations"),
    path("tabellen/<int:table_id>/toelichting/nieuw/", explanations.new_explanation, name="explanation-new"),
    path("tabellen/toelichtingen/<int:explanation_id>/", explanations.edit_explanation, name="explanation-edit"),
    path(
        "tabellen/toelichtingen/<int:explanation_id>/verwijderen/",
        explanations.remove_explanation,
        name="explanation-remove",
    ),
    path("tabellen/regels/", explanations.own_lines, name="own-lines"),
    path("tabellen/regels/<int:line_id>/", lines.edit_line, name="line-edit"),
    path("tabellen/regels/<int:line_id>/opslaan/", figures.save_line, name="line-save"),
    path("tabellen/regels/<int:line_id>/verplaatsen/", lines.move_line, name="line-move"),
    path("tabellen/regels/<int:line_id>/verwijderen/", lines.remove_line, name="line-remove"),
    path("tabellen/regels/<int:line_id>/wijzigingen/", amendments.amendments, name="line-amendments"),
    path("tabellen/regels/<int:line_id>/toelichting/", explanations.explain_line, name="line-explain"),
    path("tabellen/wijzigingen/<int:amendment_id>/intrekken/", amendments.remove_amendment, name="amendment-remove"),
]
