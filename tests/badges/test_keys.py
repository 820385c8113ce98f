"""Keys: made once, locked away, changed with an overlap, found for ever."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.core.management import CommandError, call_command
from django.test import Client

from badges.actions import keys
from badges.actions.keys import prepare_keys, rotate_keys
from badges.domain.keys import ED25519, RS256
from badges.keystore import KeyMissing, PrivateKey, forget_keys
from badges.models import SigningKey
from badges.queries.keys import NoKeyYet, find_key, get_active_keys, get_signer, list_keys
from badges.queries.verification import verify_code, verify_file
from tests.factories.badges import NOW, make_credential

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def pem(key: PrivateKey, passphrase: str = "") -> str:
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock).decode()


def test_keys_are_made_once_for_their_owner(in_folder: Path) -> None:
    kids = prepare_keys(now=NOW)
    assert prepare_keys(now=NOW) == kids
    assert in_folder.stat().st_mode & 0o777 == 0o700
    files = [in_folder / f"{kid}.pem" for kid in kids]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert all("ENCRYPTED PRIVATE KEY" in path.read_text() for path in files)
    assert (in_folder.parent / "key_passphrase").stat().st_mode & 0o777 == 0o600
    signer = get_signer(NOW)
    assert (signer.proof_kid, signer.token_kid) == kids
    assert {str(row) for row in SigningKey.objects.all()} == set(kids)


def test_a_passphrase_of_the_operators_opens_them(in_folder: Path, settings: Any) -> None:
    settings.LMS = {**settings.LMS, "KEY_PASSPHRASE": "correct horse"}
    prepare_keys(now=NOW)
    assert not (in_folder.parent / "key_passphrase").exists()
    assert get_signer(NOW).proof_kid
    settings.LMS = {**settings.LMS, "KEY_PASSPHRASE": "battery staple"}
    with pytest.raises(KeyMissing, match="cannot be opened"):
        get_signer(NOW)


def test_two_first_starts_make_one_key_each(
    in_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process starts and ends while this one is busy making its key."""
    generate = keys._generate
    others: list[tuple[str, ...]] = []

    def generate_slowly(algorithm: str) -> PrivateKey:
        if not others:
            others.append(())
            others[0] = prepare_keys(now=NOW)
        return generate(algorithm)

    monkeypatch.setattr(keys, "_generate", generate_slowly)
    assert prepare_keys(now=NOW) == others[0]
    assert {path.stem for path in in_folder.iterdir()} == set(others[0])


def test_a_lost_key_is_said(in_folder: Path) -> None:
    with pytest.raises(NoKeyYet, match="prepare_keys"):
        get_signer(NOW)
    kids = prepare_keys(now=NOW)
    (in_folder / f"{kids[0]}.pem").unlink()
    forget_keys()
    with pytest.raises(KeyMissing, match="restore it from the backup"):
        get_signer(NOW)


def test_a_strange_file_is_no_key(in_folder: Path) -> None:
    kids = prepare_keys(now=NOW)
    path, lock = in_folder / f"{kids[0]}.pem", BestAvailableEncryption(b"x")
    strange = ec.generate_private_key(ec.SECP256R1())
    passphrase = BestAvailableEncryption((in_folder.parent / "key_passphrase").read_bytes())
    path.write_bytes(strange.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, passphrase))
    forget_keys()
    with pytest.raises(KeyMissing, match="neither an Ed25519 nor an RSA key"):
        get_signer(NOW)
    path.write_bytes(strange.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
    forget_keys()
    with pytest.raises(KeyMissing, match="cannot be opened"):
        get_signer(NOW)


def test_another_key_under_the_same_name_does_not_sign(in_folder: Path) -> None:
    """A key put back by mistake would sign what nobody can verify."""
    kids = prepare_keys(now=NOW)
    passphrase = (in_folder.parent / "key_passphrase").read_text()
    (in_folder / f"{kids[0]}.pem").write_text(pem(Ed25519PrivateKey.generate(), passphrase))
    forget_keys()
    with pytest.raises(KeyMissing, match="not the one that was published"):
        get_signer(NOW)


def test_rotation_overlaps_and_old_credentials_verify(in_folder: Path, client: Client) -> None:
    old = prepare_keys(now=NOW)
    issued = make_credential(now=NOW)
    new = rotate_keys(overlap=HOUR, now=NOW)
    assert set(new).isdisjoint(old)
    # Published at once, used after the overlap.
    assert {key.kid for key in list_keys()} == {*old, *new}
    assert get_signer(NOW + HOUR - timedelta(seconds=1)).proof_kid == old[0]
    later = get_signer(NOW + HOUR)
    assert (later.proof_kid, later.token_kid) == new
    named = client.get("/.well-known/did.json").json()["assertionMethod"]
    assert {name.partition("#")[2] for name in named} == {*old, *new}
    assert find_key(old[1]) is not None
    renewed = make_credential(source="test:2", now=NOW + HOUR)
    for code, kid in ((issued.code, old[0]), (renewed.code, new[0])):
        body = client.get(f"/c/{code}.json").content
        assert json.loads(body)["proof"]["verificationMethod"].endswith(f"#{kid}")
        assert verify_file(body, NOW.date()).status == "valid"
        assert verify_file(client.get(f"/c/{code}.jwt").content, NOW.date()).status == "valid"
    assert verify_code(issued.code, NOW.date()).status == "valid"


def test_history_older_than_the_site_is_signed_by_the_first_key(in_folder: Path) -> None:
    kids = prepare_keys(now=NOW)
    active = get_active_keys(NOW - timedelta(days=365))
    assert {row.kid for row in active.values()} == set(kids)


def test_one_algorithm_rotates_alone_by_command(in_folder: Path, capsys: Any) -> None:
    old = prepare_keys(now=NOW)
    call_command("rotate_key", algorithm=RS256, overlap_minutes=0, json=True)
    answer = json.loads(capsys.readouterr().out)
    assert len(answer["keys"]) == 1
    assert answer["keys"][0].startswith("rsa-")
    assert len(list_keys()) == 3
    call_command("rotate_key")
    assert "sign from" in capsys.readouterr().out
    assert find_key(old[0]) is not None


def test_keys_from_the_environment(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, token = Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048)
    settings.LMS = {
        **settings.LMS,
        "KEY_STORE": "badges.keystore.EnvironmentStore",
        "KEY_PASSPHRASE": "opens",
    }
    monkeypatch.setenv("LMS_SIGNING_KEYS", pem(first, "opens") + pem(token))
    kids = prepare_keys(now=NOW)
    assert get_signer(NOW).proof_kid == kids[0]
    with pytest.raises(CommandError, match="provides no new Ed25519 key"):
        call_command("rotate_key", algorithm=ED25519)
    second = Ed25519PrivateKey.generate()
    both = "".join([pem(first), pem(token), pem(second)]).replace("\n", "\\n")
    monkeypatch.setenv("LMS_SIGNING_KEYS", both)
    rotate_keys(algorithms=(ED25519,), overlap=timedelta(0), now=NOW)
    assert get_signer(NOW).proof_kid != kids[0]
    # What a secret manager forgot cannot sign, and is not looked for elsewhere.
    monkeypatch.setenv("LMS_SIGNING_KEYS", pem(second))
    with pytest.raises(KeyMissing, match="private part of rsa-"):
        get_signer(NOW)
    monkeypatch.setenv("LMS_SIGNING_KEYS", pem(first, "other"))
    with pytest.raises(KeyMissing, match="cannot be read"):
        get_signer(NOW)
    monkeypatch.setenv("LMS_SIGNING_KEYS", "")
    SigningKey.objects.all().delete()
    with pytest.raises(CommandError, match="add a new one there first"):
        call_command("prepare_keys")
