"""Addresses printed on certificates: they stand at the root of the domain, outside any language."""

from django.urls import include, path

urlpatterns = [path("", include("badges.urls"))]
