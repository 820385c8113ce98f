"""Addresses printed on certificates: they live at the root of the domain, for years."""

from django.urls import path, re_path

from badges.views import documents, files, pages, verify

CODE = r"(?P<code>[0-9A-Za-z]{17})"
EDITION = r"(?P<edition>[1-9][0-9]{0,3})"

urlpatterns = [
    re_path(rf"^c/{CODE}/$", pages.credential, name="lms_credential"),
    re_path(rf"^c/{CODE}/consent/$", pages.consent, name="lms_credential_consent"),
    re_path(rf"^c/{CODE}/name/$", pages.ask_name, name="lms_credential_name"),
    re_path(rf"^c/{CODE}/report/$", pages.report, name="lms_credential_report"),
    re_path(rf"^c/{CODE}\.json$", documents.credential, name="lms_credential_json"),
    re_path(rf"^c/{CODE}\.jwt$", documents.token, name="lms_credential_jwt"),
    re_path(rf"^c/{CODE}\.png$", files.baked, name="lms_credential_png"),
    re_path(rf"^c/{CODE}\.svg$", files.baked_svg, name="lms_credential_svg"),
    re_path(rf"^c/{CODE}\.pdf$", files.pdf, name="lms_credential_pdf"),
    re_path(rf"^c/{CODE}/ob2\.json$", documents.assertion, name="lms_credential_ob2"),
    re_path(rf"^c/{CODE}/ob2\.jws$", documents.signed_assertion, name="lms_credential_jws"),
    re_path(rf"^c/{CODE}/{EDITION}/$", pages.edition, name="lms_edition"),
    re_path(rf"^c/{CODE}/{EDITION}/credential\.json$", documents.credential),
    re_path(rf"^c/{CODE}/{EDITION}/credential\.jwt$", documents.token),
    re_path(rf"^c/{CODE}/{EDITION}/credential\.png$", files.baked),
    re_path(rf"^c/{CODE}/{EDITION}/credential\.svg$", files.baked_svg),
    re_path(rf"^c/{CODE}/{EDITION}/credential\.pdf$", files.pdf),
    re_path(rf"^c/{CODE}/{EDITION}/ob2\.jws$", documents.signed_assertion),
    re_path(rf"^s/{CODE}\.png$", files.strip, name="lms_strip"),
    re_path(rf"^a/{CODE}/$", pages.achievement, name="lms_achievement"),
    re_path(rf"^a/{CODE}\.json$", documents.achievement, name="lms_achievement_json"),
    re_path(rf"^a/{CODE}\.png$", files.achievement_picture, name="lms_achievement_png"),
    re_path(rf"^a/{CODE}/ob2\.json$", documents.badge_class, name="lms_achievement_ob2"),
    path("issuer/", pages.issuer, name="lms_issuer"),
    path("issuer/ob2.json", documents.issuer, name="lms_issuer_ob2"),
    path(".well-known/did.json", documents.did, name="lms_did"),
    path(".well-known/jwks.json", documents.jwks, name="lms_jwks"),
    path("keys/<str:kid>", documents.key, name="lms_key"),
    path("keys/<str:kid>/ob2.json", documents.ob2_key, name="lms_key_ob2"),
    path("status/ob2.json", documents.revocation_list, name="lms_revocations"),
    path("status/<int:number>.jwt", documents.status_token, name="lms_status_jwt"),
    path("status/<int:number>", documents.status_list, name="lms_status"),
    path("verify/", verify.verify, name="lms_verify"),
]
