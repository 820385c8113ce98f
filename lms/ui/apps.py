from django.apps import AppConfig


class UiConfig(AppConfig):
    """Base templates, components, tokens and fonts. Knows no domain."""

    name = "lms.ui"
    label = "lms_ui"
