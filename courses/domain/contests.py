"""Contesting a result: by when it is answered."""

from datetime import date, timedelta

MOST = 10  # of one attempt, whatever became of them
LONGEST = 2000  # characters of a reason or an answer
FRIDAY = 4


def due_on(opened: date, working_days: int) -> date:
    """Return the day by which an answer is due, Saturdays and Sundays left out."""
    day = opened
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= day.weekday() <= FRIDAY
    return day
