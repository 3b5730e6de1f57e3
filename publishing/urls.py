"""Addresses of editions, below an organisation."""

from django.urls import path

from . import views

app_name = "publishing"
urlpatterns = [
    path("edities/", views.edition_list, name="edition-list"),
    path("edities/controleren/", views.check_document, name="check"),
    path("edities/sein/", views.edition_sign, name="edition-sign"),
    path("edities/<int:edition_id>/", views.edition, name="edition"),
    path("edities/<int:edition_id>/voortgang/", views.edition_progress, name="edition-progress"),
    path("edities/<int:edition_id>/afbreken/", views.edition_cancel, name="edition-cancel"),
    path("edities/<int:edition_id>/hoofdstuk/", views.edition_chapter, name="edition-chapter"),
    path("edities/<int:edition_id>/pdf/", views.edition_file, name="edition-file"),
    path("edities/<int:edition_id>/omslag/", views.edition_cover, name="edition-cover"),
    path("edities/<int:edition_id>/feiten/", views.edition_facts, name="edition-facts"),
    path("rapporten/onderdelen/<int:section_id>/voorbeeld/", views.preview, name="preview"),
    path("rapporten/onderdelen/<int:section_id>/voorbeeld/stand/", views.preview_state, name="preview-state"),
    path(
        "rapporten/onderdelen/<int:section_id>/voorbeeld/<int:run>/<int:page>/", views.preview_page, name="preview-page"
    ),
    path("rapporten/<slug:slug>/samenstellen/", views.compile_report, name="compile"),
]
