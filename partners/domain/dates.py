"""Counting in months."""

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """Return the same day so many months on; the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
