from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "lms.pages"
    label = "lms_pages"
    default_auto_field = "django.db.models.BigAutoField"
