"""Addresses of invitations; signing in is allauth's."""

from django.urls import path

from lms.accounts import views

urlpatterns = [
    path("my/company/invite/", views.invite_colleague, name="lms_invite"),
    path("invitation/<str:code>/", views.accept_invitation, name="lms_invitation"),
]
