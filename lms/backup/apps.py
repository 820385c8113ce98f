from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "lms.backup"
    label = "lms_backup"

    def ready(self) -> None:
        from lms.backup import checks  # noqa: F401
