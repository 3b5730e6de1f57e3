"""Addresses of accounts, below an organisation."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("teams/", views.team_list, name="team-list"),
    path("teams/nieuw/", views.team_new, name="team-new"),
    path("teams/<int:team_id>/", views.team_edit, name="team-edit"),
    path("teams/<int:team_id>/verwijderen/", views.team_remove, name="team-remove"),
    path("mensen/", views.person_list, name="person-list"),
    path("mensen/nieuw/", views.person_new, name="person-new"),
    path("mensen/<int:user_id>/", views.person_edit, name="person-edit"),
    path("mensen/<int:user_id>/verwijderen/", views.person_remove, name="person-remove"),
    path("mensen/<int:user_id>/uitnodiging/", views.person_invite, name="person-invite"),
    path("mensen/<int:user_id>/tweestapsverificatie/", views.person_second_factor, name="person-second-factor"),
    path("mensen/<int:user_id>/uitloggen/", views.person_log_out, name="person-log-out"),
    path("beveiliging/", views.security, name="security"),
    path("logboek/", views.log, name="log"),
    path("logboek/export/", views.log_export, name="log-export"),
]
