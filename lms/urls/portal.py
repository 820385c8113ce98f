"""What people use when signed in: tests, cabinet, API. A host includes it under any prefix."""

from django.apps import apps
from django.urls import include, path

from lms.urls.api import api

urlpatterns = [path("", include("courses.urls")), path("api/v1/", api.urls)]
if apps.is_installed("lms.cabinet"):
    urlpatterns += [path("", include("lms.cabinet.urls"))]
