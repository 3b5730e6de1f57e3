"""Addresses of reports, below an organisation."""

from django.urls import path

from .views import arranging, reading, review, versions, writing

app_name = "reports"
urlpatterns = [
    path("rapporten/", reading.report_list, name="report-list"),
    path("rapporten/nieuw/", arranging.report_new, name="report-new"),
    path("rapporten/<slug:slug>/indeling/", arranging.arrange, name="arrange"),
    path("rapporten/<slug:slug>/indeling/hoofdstuk/", arranging.chapter_new, name="chapter-new"),
    path("rapporten/hoofdstukken/<int:chapter_id>/", arranging.chapter_edit, name="chapter-edit"),
    path("rapporten/hoofdstukken/<int:chapter_id>/verplaatsen/", arranging.chapter_move, name="chapter-move"),
    path("rapporten/hoofdstukken/<int:chapter_id>/verwijderen/", arranging.chapter_remove, name="chapter-remove"),
    path("rapporten/hoofdstukken/<int:chapter_id>/onderdeel/", arranging.section_new, name="section-new"),
    path("rapporten/onderdelen/<int:section_id>/indeling/", arranging.section_arrange, name="section-arrange"),
    path("rapporten/onderdelen/<int:section_id>/verplaatsen/", arranging.section_move, name="section-move"),
    path("rapporten/onderdelen/<int:section_id>/verwijderen/", arranging.section_remove, name="section-remove"),
    path("rapporten/<slug:slug>/", reading.report, name="report"),
    path("rapporten/hoofdstukken/<int:chapter_id>/lezen/", reading.chapter, name="chapter-read"),
    path("rapporten/onderdelen/<int:section_id>/", reading.section, name="section"),
    path("rapporten/onderdelen/<int:section_id>/schrijven/", writing.section_write, name="section-write"),
    path("rapporten/onderdelen/<int:section_id>/vanzelf/", writing.section_autosave, name="section-autosave"),
    path("rapporten/onderdelen/<int:section_id>/stap/<slug:step>/", review.take_step, name="section-step"),
    path("rapporten/onderdelen/<int:section_id>/versies/", versions.versions, name="versions"),
    path("rapporten/onderdelen/<int:section_id>/versies/<int:number>/", versions.version, name="version"),
    path(
        "rapporten/onderdelen/<int:section_id>/versies/<int:number>/terugzetten/",
        versions.restore,
        name="version-restore",
    ),
    path("mijn-onderdelen/", writing.own_sections, name="own-sections"),
    path("te-beoordelen/", review.to_review, name="to-review"),
]
