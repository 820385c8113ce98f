"""The names the header knows, on a site that has nothing else."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("me/", HttpResponse, name="lms_cabinet"),
    path("in/", HttpResponse, name="account_login"),
    path("out/", HttpResponse, name="account_logout"),
    path("language/", HttpResponse, name="set_language"),
]
