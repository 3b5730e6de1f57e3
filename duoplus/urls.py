"""All addresses: account pages, and everything else below an organisation."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.start, name="start"),
    path("account/", include("duoplus.account_urls")),
    path("<slug:organisation>/", views.home, name="home"),
    path("<slug:organisation>/", include("accounts.urls")),
    path("<slug:organisation>/", include("library.urls")),
    path("<slug:organisation>/", include("investments.urls")),
    path("<slug:organisation>/", include("reports.urls")),
    path("<slug:organisation>/", include("publishing.urls")),
]
