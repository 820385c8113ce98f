"""What the audit log says of this app's actions."""

from django.utils.translation import gettext_lazy as _

LOG_ACTIONS = {
    "lms_courses.waived": (_("Open a try"), _("Opened an extra try")),
    "lms_courses.time_set": (_("Give more time"), _("Set a person's time")),
    "lms_courses.review_closed": (_("Close a review"), _("Closed a review")),
    "lms_courses.time_extended": (_("Extend a test"), _("Moved the end of a running test")),
    "lms_courses.panel_opened": (_("Open a panel"), _("Opened a panel")),
    "lms_courses.judge_seated": (_("Seat a judge"), _("Seated a judge")),
    "lms_courses.judge_unseated": (_("Unseat a judge"), _("Took a judge from the panel")),
    "lms_courses.round_opened": (_("Open a round"), _("Opened a round")),
    "lms_courses.round_closed": (_("Close a round"), _("Closed a round")),
    "lms_courses.ratings_imported": (_("Import ratings"), _("Imported ratings")),
    "lms_courses.cut_decided": (_("Decide a cut"), _("Decided the cut")),
    "lms_courses.scored_again": (_("Score again"), _("Scored attempts again")),
    "lms_courses.credential_kept": (_("Keep a credential"), _("Kept a credential in question")),
    "lms_courses.credential_revoked": (
        _("Revoke a credential"),
        _("Revoked a credential in question"),
    ),
    "lms_courses.contest_answered": (_("Answer a contest"), _("Answered a contested result")),
}
