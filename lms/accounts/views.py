"""Inviting and accepting."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.accounts.actions import InvitationRefused, accept, find_open, invite
from lms.accounts.forms import AcceptForm, InviteForm
from lms.accounts.models import User
from lms.notifications.outbox import keeps_mail
from partners.queries.seats import get_partner_of_user

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def invite_colleague(request: HttpRequest) -> HttpResponse:
    """A manager asks somebody into the company by address."""
    user_id = int(request.user.pk or 0)
    seat = get_partner_of_user(user_id, localdate())
    if seat is None or not seat.is_manager:
        raise PermissionDenied(_("This page is for a company's manager."))
    form = InviteForm(request.POST or None, initial={"language": request.user.language})  # type: ignore[union-attr]
    if request.method == "POST" and form.is_valid():
        invite(**form.cleaned_data, actor=user_id, now=timezone.now())
        kept = _("No mail server is set: the invitation to %(email)s lies in the admin's outbox.")
        sent = _("The invitation is on its way to %(email)s.")
        messages.success(request, (kept if keeps_mail() else sent) % form.cleaned_data)
        return redirect("lms_people")
    return render(request, "lms_accounts/invite.html", {"form": form, "seat": seat})


@never_cache
@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, code: str) -> HttpResponse:
    """The address in the mail: choose a password, or join as who one is."""
    invitation = find_open(code, timezone.now())
    if invitation is None:
        return render(request, "lms_accounts/invitation_gone.html", status=410)
    known = User.objects.filter(email__iexact=invitation.email).first()
    has_account = known is not None and known.has_usable_password()
    if has_account and request.user != known:
        return render(request, "lms_accounts/invitation_sign_in.html", {"invitation": invitation})
    form = AcceptForm(request.POST or None, initial={"name": invitation.name})
    ready = request.method == "POST" and (has_account or form.is_valid())
    if ready and (response := _accept(request, code, form, has_account)):
        return response
    context = {"invitation": invitation, "form": form, "has_account": has_account}
    return render(request, "lms_accounts/invitation.html", context)


def _accept(
    request: HttpRequest, code: str, form: AcceptForm, has_account: bool
) -> HttpResponse | None:
    name = request.user.get_full_name() if has_account else form.cleaned_data["name"]  # type: ignore[union-attr]
    try:
        user = accept(
            code=code,
            name=name,
            password=None if has_account else form.cleaned_data["password"],
            user_id=request.user.pk if has_account else None,
            now=timezone.now(),
        )
    except InvitationRefused as refusal:
        messages.error(request, _("You could not join: %s") % refusal)
        return None
    if not has_account:
        login(request, user, backend=BACKEND)
    messages.success(request, _("Welcome. Choose a training to begin with."))
    return redirect("lms_cabinet")
