from django.apps import AppConfig


class CabinetConfig(AppConfig):
    name = "lms.cabinet"
    label = "lms_cabinet"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what answers."""
        from lms.cabinet import receivers  # noqa: F401
