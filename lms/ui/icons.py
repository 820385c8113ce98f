"""Our own line icons on a 24-unit grid: 1.75 stroke, round ends, drawn inline."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS: dict[str, str] = {
    "tick": "M5 12.5l4.5 4.5L19 7.5",
    "clock": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.5V12l3 2",
    "cross": "M6.5 6.5l11 11M17.5 6.5l-11 11",
    "lock": "M6 11h12v8.5H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v1.5",
    "arrow": "M4.5 12h15M13.5 6l6 6-6 6",
    "book": "M12 6.5C10 5 7 4.5 3.5 4.5v13.5c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.5"
    "C17 4.5 14 5 12 6.5zM12 6.5V20",
    "play": "M7.5 5v14l11-7z",
    "download": "M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15",
    "copy": "M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9",
    "flag": "M6 20.5V4M6 4.5c4-2 7 2 12 0v9c-5 2-8-2-12 0",
    "people": "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 19.5c.5-3.5 3-5.5 "
    "6.5-5.5s6 2 6.5 5.5M15.5 4.7a3.5 3.5 0 0 1 0 6.6M18 14.3c2 .8 3.2 2.6 3.5 5.2",
    "person": "M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5M4.5 20c.6-3.8 3.5-5.8 7.5-5.8"
    "s6.9 2 7.5 5.8",
    "shield": "M12 3.5l7.5 2.5v5.5c0 4.5-3 7.5-7.5 9-4.5-1.5-7.5-4.5-7.5-9V6z"
    "M8.8 12l2.4 2.4 4.2-4.4",
    "search": "M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.8 15.8l4.2 4.2",
    "plus": "M12 5v14M5 12h14",
    "warning": "M12 4.5l8.8 15H3.2zM12 10v4.5M12 17v.1",
    "dash": "M6 12h12",
    "info": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 11.5v4.5M12 8v.1",
    "calculator": "M6 3.5h12v17H6zM9 7h6v2.5H9zM9 13v.1M12 13v.1M15 13v.1M9 16.5v.1M12 16.5v.1"
    "M15 16.5v.1",
    "chevron": "M7 10l5 5 5-5",
}


def icon_svg(name: str, label: str = "") -> SafeString:
    """The icon called `name`; silent to screen readers unless it carries a `label`."""
    if name not in PATHS:
        raise ValueError(f"No icon called {name!r}; there are: {', '.join(sorted(PATHS))}")
    role = format_html(' role="img" aria-label="{}"', label) if label else _HIDDEN
    return format_html(
        '<svg class="lms-icon" viewBox="0 0 24 24" width="20" height="20" focusable="false"{}>'
        '<path d="{}"/></svg>',
        role,
        PATHS[name],
    )


_HIDDEN = mark_safe(' aria-hidden="true"')
