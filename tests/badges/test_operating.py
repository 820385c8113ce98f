"""Commands, system checks and the Wagtail admin."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse

from badges.actions.credentials import Issued
from badges.actions.keys import prepare_keys
from badges.checks import check_base_url, check_issued_base_url, check_keys, check_passphrase
from badges.domain.png import SIGNATURE
from badges.keystore import forget_keys
from badges.models import Achievement, Credential
from badges.wagtail_hooks import register_permissions
from lms.accounts.models import User
from tests.factories.badges import NOW, make_achievement, make_issuer

pytestmark = pytest.mark.django_db


def run(*arguments: Any) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


def issue_by_hand(*extra: str) -> dict[str, Any]:
    make_issuer()
    slug = make_achievement()
    answer: dict[str, Any] = json.loads(
        run(
            "issue_credential",
            "--achievement",
            slug,
            "--recipient",
            "Bo@baltwerk.example",
            "--name",
            "Bo",
            "--on",
            "2026-11-01",
            "--json",
            *extra,
        )
    )
    return answer


def test_issuing_by_hand_is_idempotent() -> None:
    first, again = issue_by_hand(), issue_by_hand()
    assert first["urls"]["page"].endswith(f"/c/{first['code']}/")
    assert (first["created"], again["created"]) == (True, False)
    assert first["code"] == again["code"]
    assert str(Credential.objects.get().valid_from) == "2026-11-01"


def test_issuing_by_hand_today_prints_the_page() -> None:
    make_issuer()
    slug = make_achievement()
    said = run("issue_credential", "--achievement", slug, "--recipient", "x@x.example")
    assert "/c/" in said


def test_issuing_the_unknown_names_the_obstacle() -> None:
    with pytest.raises(CommandError, match="nothing for x@x"):
        run("issue_credential", "--achievement", "nothing", "--recipient", "x@x.example")


def test_revoking_by_command() -> None:
    code = issue_by_hand()["code"]
    assert "revoked" in run("revoke_credential", code, "--reason", "x")
    answer = json.loads(run("revoke_credential", code, "--reason", "x", "--json"))
    assert answer == {"code": code, "status": "revoked"}
    with pytest.raises(CommandError, match="nobody"):
        run("revoke_credential", "nobody", "--reason", "x")


@pytest.mark.parametrize(
    ("form", "start"),
    [("json", b'{"@context"'), ("ob2", b'{"@context"'), ("png", SIGNATURE), ("pdf", b"%PDF")],
)
def test_exporting(tmp_path: Path, form: str, start: bytes) -> None:
    code, target = issue_by_hand()["code"], tmp_path / f"badge.{form}"
    run("export_credential", code, "--format", form, "-o", target)
    assert target.read_bytes().startswith(start)
    if form != "pdf":
        verdict = json.loads(run("verify", str(target), "--json"))
        assert (verdict["status"], verdict["intact"], verdict["edition"]) == ("valid", True, 1)


def test_exporting_fails_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no credential"):
        run("export_credential", "nobody", "-o", tmp_path / "x")
    with pytest.raises(CommandError, match="missing"):
        run("export_credential", issue_by_hand()["code"], "-o", tmp_path / "missing" / "x")


def test_verifying_by_command() -> None:
    assert run("verify", issue_by_hand()["code"]).startswith("valid:")
    with pytest.raises(CommandError, match="is unknown"):
        run("verify", "nobody")


def test_preparing_keys_by_command() -> None:
    assert run("prepare_keys").split() == list(prepare_keys(now=NOW))


def test_a_plain_address_is_warned_of(settings: Any) -> None:
    assert [found.id for found in check_base_url()] == ["lms_badges.W001"]
    settings.LMS = {**settings.LMS, "BASE_URL": "https://partners.halden.example"}
    assert check_base_url() == []


def test_a_missing_key_is_an_error(in_folder: Path) -> None:
    assert check_keys() == []
    assert [found.id for found in check_keys(databases=["default"])] == ["lms_badges.E001"]
    kids = prepare_keys(now=NOW)
    assert check_keys(databases=["default"]) == []
    (in_folder / f"{kids[1]}.pem").unlink()
    forget_keys()
    assert "missing" in check_keys(databases=["default"])[0].msg


def test_a_passphrase_beside_its_keys_is_warned_of(in_folder: Path, settings: Any) -> None:
    assert [found.id for found in check_passphrase()] == ["lms_badges.W004"]
    settings.LMS = {**settings.LMS, "KEY_PASSPHRASE": "from a safe"}
    assert check_passphrase() == []


def test_a_moved_site_is_warned_of(issued: Issued, settings: Any) -> None:
    assert check_issued_base_url() == []
    assert check_issued_base_url(databases=["default"]) == []
    settings.LMS = {**settings.LMS, "BASE_URL": "https://moved.example"}
    [found] = check_issued_base_url(databases=["default"])
    assert found.id == "lms_badges.W003"
    assert "1 certificates were issued under http://localhost" in found.msg
    for told in ("/.well-known/did.json stays", "as did:web:moved.example", "/status/1 on to"):
        assert told in str(found.hint)


def test_the_admin_lists_filters_and_shows(as_eli: Client, issued: Issued) -> None:
    index = reverse("lms_badges_credentials:index")
    for query in ({}, {"q": "Kowalska"}, {"q": issued.code}, {"state": "valid"}):
        page = as_eli.get(index, query).content.decode()
        assert issued.code in page, query
        assert "Ana Kowalska" in page
    for query in ({"q": "nobody"}, {"state": "revoked"}, {"state": "expired"}):
        assert issued.code not in as_eli.get(index, query).content.decode()
    pk = Credential.objects.get().pk
    page = as_eli.get(reverse("lms_badges_credentials:inspect", args=[pk])).content.decode()
    assert issued.code in page
    assert reverse("lms_badges_credentials:revoke", args=[pk]) in page


def test_nobody_writes_credentials_by_hand(as_eli: Client, issued: Issued) -> None:
    pk = Credential.objects.get().pk
    for name, args in (("add", []), ("edit", [pk]), ("delete", [pk])):
        response = as_eli.get(reverse(f"lms_badges_credentials:{name}", args=args))
        assert response.status_code == 302, name


def test_revoking_in_the_admin_asks_for_a_reason(as_eli: Client, issued: Issued) -> None:
    pk = Credential.objects.get().pk
    address = reverse("lms_badges_credentials:revoke", args=[pk])
    assert "cannot be taken back" in as_eli.get(address).content.decode()
    assert as_eli.post(address, {"reason": " "}).status_code == 200
    assert Credential.objects.get().revoked_at is None
    response = as_eli.post(address, {"reason": "Shared answers"})
    assert response["Location"] == reverse("lms_badges_credentials:inspect", args=[pk])
    assert Credential.objects.get().revoke_reason == "Shared answers"
    page = as_eli.get(response["Location"]).content.decode()
    assert address not in page


def test_an_editor_may_not_revoke(ana: User, as_ana: Client, issued: Issued) -> None:
    ana.user_permissions.add(Permission.objects.get(codename="access_admin"))
    address = reverse("lms_badges_credentials:revoke", args=[Credential.objects.get().pk])
    assert as_ana.post(address, {"reason": "x"}).status_code in {302, 403}
    assert Credential.objects.get().revoked_at is None


def test_the_permission_to_revoke_opens_the_list(ana: User, as_ana: Client, issued: Issued) -> None:
    for codename in ("access_admin", "revoke_credential"):
        ana.user_permissions.add(Permission.objects.get(codename=codename))
    assert as_ana.get(reverse("lms_badges_credentials:index")).status_code == 200
    assert {"revoke_credential"} < {p.codename for p in register_permissions()}


def achievement_form(criteria: str, language: str = "en") -> dict[str, str]:
    return {
        "slug": "halden-new",
        "achievement_type": "Certification",
        "valid_months": "12",
        "validity_basis": "pass",
        "renew_days": "90",
        "texts-TOTAL_FORMS": "1",
        "texts-INITIAL_FORMS": "0",
        "texts-MIN_NUM_FORMS": "1",
        "texts-MAX_NUM_FORMS": "1000",
        "texts-0-language": language,
        "texts-0-name": "Halden New",
        "texts-0-description": "One sentence.",
        "texts-0-criteria": criteria,
    }


def test_an_editor_writes_an_achievement(as_eli: Client) -> None:
    address = reverse("achievement:add")
    assert as_eli.get(address).status_code == 200
    response = as_eli.post(address, achievement_form("Passed the certification test."))
    assert response.status_code == 302, response.context["form"].errors
    assert Achievement.objects.get().texts.get().name == "Halden New"


@pytest.mark.parametrize(
    ("language", "criteria"), [("en", "An education programme."), ("ru", "Пройдено обучение.")]
)
def test_refused_words_are_refused_in_the_form(
    as_eli: Client, language: str, criteria: str
) -> None:
    response = as_eli.post(reverse("achievement:add"), achievement_form(criteria, language))
    assert response.status_code == 200
    assert "is not used here" in response.content.decode()
    assert not Achievement.objects.exists()


@override_settings(DEBUG=True)
def test_developing_over_http_is_fine() -> None:
    assert check_base_url() == []
