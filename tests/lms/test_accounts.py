"""Getting in: invitations, claims, sign-in; and those who try the wrong door."""

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from badges.queries import get_recipient_of_user
from lms.accounts.actions import InvitationRefused, Invited, accept, find_open, invite
from lms.accounts.models import Invitation, User
from lms.notifications.models import Mail
from partners.models import Membership
from partners.queries.seats import get_partner_of_user
from tests.factories.partners import Company, make_link, make_recipient

pytestmark = pytest.mark.django_db
NEW = "fay@baltwerk.example"


def ask(actor: User, now: datetime, email: str = NEW) -> Invited:
    return invite(email=email, name="Fay", job="engineer", language="pl", actor=actor.pk, now=now)


def join(code: str, now: datetime, *, user: User | None = None) -> User:
    return accept(
        code=code,
        name="Fay Wrońska",
        password=None if user else "a long password",
        user_id=user.pk if user else None,
        now=now,
    )


def test_a_manager_invites_by_mail(baltwerk: Company, bo: User, now: datetime) -> None:
    invited = ask(bo, now, " FAY@baltwerk.example")
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.company, invitation.partner_id) == (
        NEW, "Baltwerk", baltwerk.id
    )  # fmt: skip
    assert str(invitation) == "fay@baltwerk.example → Baltwerk"
    assert invited.expires_at == now + timedelta(days=14)
    mail = Mail.objects.get(to=NEW)
    assert f"/invitation/{invited.code}/" in mail.text


def test_asking_again_renews(baltwerk: Company, bo: User, now: datetime) -> None:
    first = ask(bo, now)
    again = ask(bo, now + timedelta(days=1))
    assert again.code == first.code
    assert Invitation.objects.count() == 1
    assert Mail.objects.filter(to=NEW).count() == 2


@pytest.mark.parametrize("who", ["ana", "dee", "eli"])
def test_only_a_manager_invites(
    baltwerk: Company, request: pytest.FixtureRequest, who: str, now: datetime
) -> None:
    with pytest.raises(PermissionDenied):
        ask(request.getfixturevalue(who), now)
    assert not Invitation.objects.exists()


def test_somebody_new_gets_an_account_and_a_seat(
    baltwerk: Company, bo: User, now: datetime
) -> None:
    user = join(ask(bo, now).code, now)
    assert (user.email, user.name, user.language) == (NEW, "Fay Wrońska", "pl")
    assert user.check_password("a long password")
    assert EmailAddress.objects.get(user=user).verified
    seat = get_partner_of_user(user.pk, localdate(now))
    assert seat is not None
    assert (seat.partner_id, seat.role) == (baltwerk.id, "member")
    assert find_open(Invitation.objects.get().code, now) is None


def test_an_invitation_is_used_once(baltwerk: Company, bo: User, now: datetime) -> None:
    code = ask(bo, now).code
    join(code, now)
    with pytest.raises(InvitationRefused, match="used up"):
        join(code, now)
    assert User.objects.filter(email=NEW).count() == 1


def test_an_old_invitation_is_refused(baltwerk: Company, bo: User, now: datetime) -> None:
    code = ask(bo, now).code
    with pytest.raises(InvitationRefused, match="too old"):
        join(code, now + timedelta(days=14))


def test_an_account_is_not_taken_over_by_an_invitation(
    baltwerk: Company, ostrand: int, bo: User, cy: User, dee: User, now: datetime
) -> None:
    """Bo invites Dee's address: neither a stranger's password nor Cy's sign-in opens it."""
    code = ask(bo, now, "dee@halden.example").code
    with pytest.raises(InvitationRefused, match="sign in with the invited address"):
        join(code, now)
    with pytest.raises(InvitationRefused, match="sign in with the invited address"):
        join(code, now, user=cy)
    dee.refresh_from_db()
    assert dee.check_password("a long password")
    assert join(code, now, user=dee) == dee
    seat = get_partner_of_user(dee.pk, localdate(now))
    assert seat is not None
    assert seat.partner_id == baltwerk.id


def test_somebody_who_works_elsewhere_is_not_pulled_over(
    baltwerk: Company, ostrand: int, bo: User, cy: User, now: datetime
) -> None:
    code = ask(bo, now, cy.email).code
    with pytest.raises(InvitationRefused):
        join(code, now, user=cy)
    assert Invitation.objects.get().accepted_at is None
    seat = get_partner_of_user(cy.pk, localdate(now))
    assert seat is not None
    assert seat.partner_id == ostrand


def test_an_account_without_a_password_is_completed(
    baltwerk: Company, bo: User, now: datetime
) -> None:
    known = User.objects.create_user(NEW, None, name="Fay from the roster")
    code = ask(bo, now).code
    with pytest.raises(InvitationRefused, match="choose a password"):
        accept(code=code, name="Fay", password=None, user_id=None, now=now)
    assert join(code, now) == known
    known.refresh_from_db()
    assert known.name == "Fay from the roster"


def test_what_was_issued_before_is_claimed(baltwerk: Company, bo: User, now: datetime) -> None:
    recipient = make_recipient("fay@other.example")
    user = User.objects.create_user("fay@other.example", "a long password")
    address = EmailAddress.objects.create(user=user, email=user.email, verified=True)
    email_confirmed.send(sender=None, request=None, email_address=address)
    card = get_recipient_of_user(user.pk)
    assert card is not None
    assert card.id == recipient


def test_signing_in_claims_verified_addresses_only(client: Client, dee: User) -> None:
    make_recipient("bob@elsewhere.example")
    EmailAddress.objects.create(user=dee, email="bob@elsewhere.example", verified=False)
    client.force_login(dee, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert get_recipient_of_user(dee.pk) is None
    EmailAddress.objects.update(verified=True)
    client.force_login(dee, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert get_recipient_of_user(dee.pk) is not None


def test_inviting_over_http(
    baltwerk: Company, as_bo: Client, as_ana: Client, client: Client
) -> None:
    url = reverse("lms_invite")
    form = {"email": NEW, "name": "Fay", "job": "engineer", "language": "en"}
    assert as_ana.post(url, form).status_code == 403
    assert client.post(url, form).status_code == 302
    assert not Invitation.objects.exists()
    assert as_bo.get(url).status_code == 200
    assert as_bo.post(url, {**form, "email": "no"}).status_code == 200
    page = as_bo.post(url, form, follow=True).content.decode()
    assert "on its way to fay@baltwerk.example" in page


def test_accepting_over_http(baltwerk: Company, bo: User, client: Client, now: datetime) -> None:
    url = reverse("lms_invitation", args=[ask(bo, now).code])
    assert "Baltwerk" in client.get(url).content.decode()
    short = client.post(url, {"name": "Fay", "password": "short"})
    assert short.status_code == 200
    assert not User.objects.filter(email=NEW).exists()
    response = client.post(url, {"name": "Fay", "password": "a long password"}, follow=True)
    assert "Welcome" in response.content.decode()
    assert response.wsgi_request.user.email == NEW  # type: ignore[union-attr]
    assert Client().get(url).status_code == 410
    assert Client().get(reverse("lms_invitation", args=["nothing"])).status_code == 410


def test_accepting_with_an_account(
    baltwerk: Company, bo: User, client: Client, as_dee: Client, as_cy: Client, now: datetime
) -> None:
    url = reverse("lms_invitation", args=[ask(bo, now, "dee@halden.example").code])
    for stranger in (client, as_cy):
        page = stranger.post(url, {"name": "X", "password": "a long password"})
        assert page.status_code == 200
        assert "Sign in" in page.content.decode()
    assert Membership.objects.filter(partner=baltwerk.id).count() == 2
    assert as_dee.post(url, follow=True).status_code == 200
    assert Membership.objects.filter(partner=baltwerk.id).count() == 3


def test_a_refusal_is_said(
    baltwerk: Company, ostrand: int, bo: User, cy: User, as_cy: Client, now: datetime
) -> None:
    url = reverse("lms_invitation", args=[ask(bo, now, cy.email).code])
    assert "You could not join" in as_cy.post(url).content.decode()


def test_a_link_ended_yesterday_no_longer_invites(
    baltwerk: Company, bo: User, now: datetime
) -> None:
    Membership.objects.filter(pk=baltwerk.bo_link).update(until=localdate(now))
    with pytest.raises(PermissionDenied):
        ask(bo, now)
    assert make_link(baltwerk.id, baltwerk.bo, since=localdate(now), role="manager")
    ask(bo, now)


def test_addresses_know_no_case(ana: User, client: Client) -> None:
    EmailAddress.objects.create(user=ana, email=ana.email, verified=True, primary=True)
    response = client.post(
        reverse("account_login"), {"login": "ANA@Baltwerk.example", "password": "a long password"}
    )
    assert response.status_code == 302
    assert response["Location"] == reverse("lms_cabinet")
    assert User.objects.get_by_natural_key("ANA@BALTWERK.EXAMPLE") == ana


def test_wrong_passwords_are_counted(ana: User, client: Client) -> None:
    EmailAddress.objects.create(user=ana, email=ana.email, verified=True, primary=True)
    form = {"login": ana.email, "password": "wrong"}
    pages = [client.post(reverse("account_login"), form) for _ in range(7)]
    assert [page.status_code for page in pages][:5] == [200] * 5
    form["password"] = "a long password"
    assert client.post(reverse("account_login"), form).status_code != 302


def test_nobody_walks_in(client: Client, db: None) -> None:
    form = {"email": NEW, "password1": "a long password", "password2": "a long password"}
    page = client.post(reverse("account_signup"), form)
    assert page.status_code == 200
    assert not User.objects.exists()


def test_the_sample_people_can_sign_in(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prepare_demo")
    said = capsys.readouterr().out
    password = said.split("password ")[1].split(" ")[0]
    admin = User.objects.get(email="admin@halden.example")
    assert admin.is_superuser
    assert admin.check_password(password)
    eli = User.objects.get(email="eli@halden.example")
    assert eli.has_perm("lms_badges.revoke_credential")
    dee = User.objects.get(email="dee@halden.example")
    assert dee.has_perm("lms_courses.change_item")
    assert not dee.has_perm("lms_badges.revoke_credential")
    assert (dee.first_name, dee.last_name, dee.get_short_name()) == ("Dee", "Okafor", "Dee")
