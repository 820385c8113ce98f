"""What people use when signed in: tests, cabinet, API. A host includes it under any prefix."""

from django.apps import apps
from django.urls import include, path

urlpatterns = [path("", include("courses.urls"))]
if apps.is_installed("lms.cabinet"):
    urlpatterns += [path("", include("lms.cabinet.urls"))]
