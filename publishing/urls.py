"""Addresses of editions, below an organisation."""

from django.urls import path

from . import views

app_name = "publishing"
urlpatterns = [
    path("edities/", views.edition_list, name="edition-list"),
    path("edities/<int:edition_id>/", views.edition, name="edition"),
    path("edities/<int:edition_id>/voortgang/", views.edition_progress, name="edition-progress"),
    path("edities/<int:edition_id>/afbreken/", views.edition_cancel, name="edition-cancel"),
    path("edities/<int:edition_id>/pdf/", views.edition_file, name="edition-file"),
    path("rapporten/<slug:slug>/samenstellen/", views.compile_report, name="compile"),
]
