"""Addresses of the cabinet."""

from django.urls import path

from lms.cabinet import views

urlpatterns = [
    path("my/", views.home, name="lms_cabinet"),
    path("my/company/", views.company, name="lms_company"),
    path("my/company/people/", views.people, name="lms_people"),
    path("my/company/people/<int:membership_id>/leave/", views.leave, name="lms_leave"),
    path("my/company/decisions/", views.decisions, name="lms_decisions"),
    path("my/company/decisions/<int:decision_id>/", views.decision, name="lms_decision"),
]
