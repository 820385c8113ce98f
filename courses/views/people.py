"""Who is asking, and from where."""

from django.http import Http404, HttpRequest

from courses.actions.log import Origin


def signed_in_id(request: HttpRequest) -> int:
    """The signed-in person's id; ``login_required`` stands before every view that asks."""
    if request.user.pk is None:
        raise Http404
    return int(request.user.pk)


def origin_of(request: HttpRequest) -> Origin:
    """Where a request came from, for the log of an attempt, which keeps marks of it alone."""
    return Origin(
        address=request.META.get("REMOTE_ADDR", ""),
        device=request.META.get("HTTP_USER_AGENT", ""),
    )
