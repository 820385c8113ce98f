"""Addresses printed on certificates: they live at the root of the domain, for years."""

from django.urls import URLPattern, path, re_path

from badges.views import documents, files, pages, verify
from badges.views.responses import View, or_gone

CODE = r"(?P<code>[0-9A-Za-z]{17})"
EDITION = r"(?P<edition>[1-9][0-9]{0,3})"


def at(pattern: str, view: View, name: str) -> URLPattern:
    """One address of a credential; 410 once its holder is erased."""
    return re_path(rf"^c/{CODE}{pattern}$", or_gone(view), name=name)


urlpatterns = [
    at(r"/", pages.credential, "lms_credential"),
    at(r"/consent/", pages.consent, "lms_credential_consent"),
    at(r"/name/", pages.ask_name, "lms_credential_name"),
    at(r"/report/", pages.report, "lms_credential_report"),
    at(r"\.json", documents.credential, "lms_credential_json"),
    at(r"\.jwt", documents.token, "lms_credential_jwt"),
    at(r"\.png", files.baked, "lms_credential_png"),
    at(r"\.svg", files.baked_svg, "lms_credential_svg"),
    at(r"\.pdf", files.pdf, "lms_credential_pdf"),
    at(r"/card\.png", files.card, "lms_credential_card"),
    at(r"/ob2\.json", documents.assertion, "lms_credential_ob2"),
    at(r"/ob2\.jws", documents.signed_assertion, "lms_credential_jws"),
    at(rf"/{EDITION}/", pages.edition, "lms_edition"),
    at(rf"/{EDITION}/credential\.json", documents.credential, "lms_edition_json"),
    at(rf"/{EDITION}/credential\.jwt", documents.token, "lms_edition_jwt"),
    at(rf"/{EDITION}/credential\.png", files.baked, "lms_edition_png"),
    at(rf"/{EDITION}/credential\.svg", files.baked_svg, "lms_edition_svg"),
    at(rf"/{EDITION}/credential\.pdf", files.pdf, "lms_edition_pdf"),
    at(rf"/{EDITION}/ob2\.jws", documents.signed_assertion, "lms_edition_jws"),
    re_path(rf"^s/{CODE}\.png$", files.strip, name="lms_strip"),
    re_path(rf"^a/{CODE}/$", pages.achievement, name="lms_achievement"),
    re_path(rf"^a/{CODE}\.json$", documents.achievement, name="lms_achievement_json"),
    re_path(rf"^a/{CODE}\.png$", files.achievement_picture, name="lms_achievement_png"),
    re_path(rf"^a/{CODE}/ob2\.json$", documents.badge_class, name="lms_achievement_ob2"),
    path("issuer/", pages.issuer, name="lms_issuer"),
    path("issuer/ob2.json", documents.issuer, name="lms_issuer_ob2"),
    path("issuer/<str:kid>/ob2.json", documents.issuer, name="lms_issuer_key_ob2"),
    path(".well-known/did.json", documents.did, name="lms_did"),
    path(".well-known/jwks.json", documents.jwks, name="lms_jwks"),
    path("keys/<str:kid>", documents.key, name="lms_key"),
    path("keys/<str:kid>/ob2.json", documents.ob2_key, name="lms_key_ob2"),
    path("status/ob2.json", documents.revocation_list, name="lms_revocations"),
    path("status/<int:number>.jwt", documents.status_token, name="lms_status_jwt"),
    path("status/<int:number>", documents.status_list, name="lms_status"),
    path("verify/", verify.verify, name="lms_verify"),
]
