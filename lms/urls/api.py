"""The HTTP API: what the apps offer to programs, in one OpenAPI document."""

from ninja import NinjaAPI

from badges.api import router as badges

# Its own reader of the document would load scripts from elsewhere; any OpenAPI tool reads it.
api = NinjaAPI(title="Laurel", version="1", docs_url=None, urls_namespace="lms_api")
api.add_router("", badges)
