"""The WSGI entry point of the reference site."""

import os

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.base")

# Behind a proxy all visitors come from one address: limits by address would shut out everybody.
PROXIES = os.environ.get("LMS_TRUSTED_PROXIES", "127.0.0.1,::1")

application = wrap_wsgi_with_proxy_headers(get_wsgi_application(), PROXIES)
