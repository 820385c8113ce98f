"""A table to fill in, with an example of each kind."""

from typing import Any

from courses.domain.formats.sheet import words
from courses.domain.formats.sheet.writer import (
    FEWEST_OPTIONS,
    lay_out,
    make_mapping,
    write_header,
)


def template_rows() -> tuple[tuple[str, ...], ...]:
    """Return a header and an example of each kind, to be filled in."""
    mapping = make_mapping(FEWEST_OPTIONS)
    return (write_header(mapping), *(lay_out(example, mapping) for example in _EXAMPLES))


_EXAMPLES: tuple[dict[str, Any], ...] = (
    {
        words.CODE: "Q1",
        words.TOPIC: "Cables",
        words.DIFFICULTY: "1",
        words.KIND: "single choice",
        words.LANGUAGE: "en",
        words.STEM: "Which colour has the protective conductor?",
        words.OPTION: ("Blue", "Green and yellow", "Brown"),
        words.RIGHT: "B",
        words.RATIONALE: "Green and yellow are kept for it.",
        words.TOLD: ("Blue is the neutral conductor.",),
    },
    {
        words.CODE: "Q2",
        words.KIND: "multiple response",
        words.STEM: "Which of these carry current?",
        words.OPTION: ("Line", "Neutral", "Shield"),
        words.RIGHT: "A, B",
    },
    {
        words.CODE: "Q3",
        words.KIND: "true or false",
        words.STEM: "The shield carries current.",
        words.RIGHT: "False",
    },
    {
        words.CODE: "Q4",
        words.KIND: "series",
        words.STEM: "Which of these statements are true?",
        words.OPTION: ("A cable has a core.", "Every cable has a shield."),
        words.RIGHT: "A",
    },
    {
        words.CODE: "Q5",
        words.KIND: "matching",
        words.STEM: "Match each quantity with its unit.",
        words.OPTION: ("Voltage -> volt", "Current -> ampere", "→ litre"),
    },
    {
        words.CODE: "Q6",
        words.KIND: "ordering",
        words.STEM: "Put the steps in order.",
        words.OPTION: ("Switch off", "Test", "Repair"),
    },
    {
        words.CODE: "Q7",
        words.KIND: "numeric",
        words.STEM: "What is 12 V divided by 8 ohms?",
        words.RIGHT: "1.5",
        words.TOLERANCE: "0.05",
        words.UNIT: "A",
    },
    {
        words.CODE: "Q8",
        words.KIND: "text",
        words.STEM: "What is the unit of voltage?",
        words.RIGHT: "volt; V; vol* (50%)",
    },
    {
        words.CODE: "Q9",
        words.KIND: "dropdown",
        words.STEM: "Current is measured in [[1]] and voltage in [[2]].",
        words.OPTION: ("*ampere | volt", "ampere | *volt"),
    },
    {words.CODE: "Q10", words.KIND: "essay", words.STEM: "Describe how you test a cable."},
    {
        words.CODE: "Q11",
        words.KIND: "description",
        words.STEM: "The next questions are about cables.",
    },
)
