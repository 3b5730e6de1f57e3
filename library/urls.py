"""Addresses of library, below an organisation."""

from django.urls import path

from . import views

app_name = "library"
urlpatterns = [
    path("bronnen/", views.document_list, name="document-list"),
    path("bronnen/nieuw/", views.document_new, name="document-new"),
    path("bronnen/<int:document_id>/", views.document_edit, name="document-edit"),
    path("bronnen/<int:document_id>/verwijderen/", views.document_remove, name="document-remove"),
    path("bronnen/<int:document_id>/pdf/", views.document_file, name="document-file"),
    path("huisstijl/", views.house_style, name="house-style"),
    path("huisstijl/voorbeeld/", views.house_style_preview, name="house-style-preview"),
    path("huisstijl/logo/", views.logo, name="logo"),
    path("themas/", views.theme_list, name="theme-list"),
    path("themas/nieuw/", views.theme_new, name="theme-new"),
    path("themas/<int:theme_id>/", views.theme_edit, name="theme-edit"),
    path("themas/<int:theme_id>/verplaatsen/", views.theme_move, name="theme-move"),
    path("themas/<int:theme_id>/verwijderen/", views.theme_remove, name="theme-remove"),
]
