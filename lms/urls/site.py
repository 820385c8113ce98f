"""The reference site's addresses."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from lms.events.views import worker_health

urlpatterns = [
    path("", include("lms.urls.public")),
    path("healthz/worker/", worker_health, name="lms_worker_health"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("account/", include("allauth.account.urls")),
    path("", include("lms.accounts.urls")),
    path("language/", include("django.conf.urls.i18n")),
    re_path(r"^media/(?P<path>images/.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    path("", include("lms.urls.portal")),
    *i18n_patterns(path("", include(wagtail_urls))),
]
