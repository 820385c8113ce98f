"""Who is asking."""

from django.http import Http404, HttpRequest


def signed_in_id(request: HttpRequest) -> int:
    """The signed-in person's id; ``login_required`` stands before every view that asks."""
    if request.user.pk is None:
        raise Http404
    return int(request.user.pk)
