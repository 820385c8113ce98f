"""Addresses of people who take trainings."""

from django.urls import path

from courses.views import attempts, contests, files, lessons, panels, saving, sections

urlpatterns = [
    path("tests/<slug:course>/", attempts.test_intro, name="lms_test"),
    path("attempts/<slug:code>/", attempts.attempt, name="lms_attempt"),
    path("attempts/<slug:code>/<int:slot>/", attempts.place, name="lms_place"),
    path("attempts/<slug:code>/<int:slot>/save/", saving.save, name="lms_save"),
    path("attempts/<slug:code>/events/", saving.tell, name="lms_events"),
    path("attempts/<slug:code>/review/", attempts.review, name="lms_review"),
    path("attempts/<slug:code>/sections/<int:number>/", sections.section, name="lms_section"),
    path(
        "attempts/<slug:code>/sections/<int:number>/review/",
        sections.section_review,
        name="lms_section_review",
    ),
    path("attempts/<slug:code>/pause/", sections.pause, name="lms_pause"),
    path("attempts/<slug:code>/result/", attempts.result, name="lms_result"),
    path("attempts/<slug:code>/contest/", contests.contest, name="lms_contest"),
    path(
        "attempts/<slug:code>/contests/<int:contest_id>/withdraw/",
        contests.withdraw,
        name="lms_contest_withdraw",
    ),
    path("lessons/<int:page_id>/finish/", lessons.finish, name="lms_lesson_finish"),
    path("lessons/<int:page_id>/watched/", lessons.watched, name="lms_lesson_watched"),
    path("lessons/<int:page_id>/exercises/<slug:code>/", lessons.answer, name="lms_exercise"),
    path("tests/pictures/<slug:name>/", files.item_picture, name="lms_picture"),
    path("panels/", panels.my_panels, name="lms_panels"),
    path("panels/<slug:code>/", panels.panel, name="lms_panel"),
    path("panels/<slug:code>/<int:slot>/", panels.rate_item, name="lms_panel_item"),
    path("files/<int:document_id>/<str:filename>", files.lesson_file, name="lms_file"),
]
