"""A decision as the commands print it: one JSON object, or lines at a terminal."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from partners.domain.results import Decision, LineResult
from partners.domain.rules import RulesDocument, pick_text

_REASONS = {
    "spare": "to spare",
    "job": "has another job",
    "former_employer": "earned before joining the company",
    "suspended": "suspended",
    "under_review": "under review",
}


def describe_decision(
    decision: Decision, rules: RulesDocument, emails: Mapping[int, str], language: str = "en"
) -> dict[str, Any]:
    """Return a decision as JSON values; the keys are stable and documented at the commands."""
    held = rules.find_tier(decision.tier)
    following = decision.find(decision.next_tier)
    return {
        "on": decision.on.isoformat(),
        "tier": decision.tier,
        "tier_name": pick_text(held.name, language) if held else "",
        "place": decision.place,
        "protected": decision.protected,
        "next_tier": decision.next_tier,
        "missing": dict(_missing(following.short_lines)) if following else {},
        "next_change_on": decision.next_change_on and decision.next_change_on.isoformat(),
        "lines": [
            {"tier": tier.id, **line}
            for tier in decision.tiers
            for line in _describe_lines(tier.lines, emails)
        ],
    }


def _missing(lines: Iterable[LineResult]) -> Iterator[tuple[str, int | float]]:
    for line in lines:
        if line.missing or line.amount is None:
            yield line.id, line.missing
        else:
            yield line.id, _number(line.amount.missing)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _describe_lines(
    lines: Iterable[LineResult], emails: Mapping[int, str], part_of: str | None = None
) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield _describe_line(line, emails, part_of)
        yield from _describe_lines(line.parts, emails, line.id)


def _describe_line(
    line: LineResult, emails: Mapping[int, str], part_of: str | None
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": line.id,
        "kind": line.kind,
        "state": line.state,
        "part_of": part_of,
        "needed": line.needed,
        "counted": line.counted,
        "missing": line.missing,
        "people": [_name(each.person, emails) for each in line.people],
        "not_counted": [
            {"person": _name(each.person, emails), "reason": each.reason, "line": each.line}
            for each in line.standby
        ],
    }
    if line.including:
        told["including"] = [
            {"needed": each.needed, "counted": each.counted} for each in line.including
        ]
    if line.amount is not None:
        bounds = {"value": line.amount.value, "at_least": line.amount.at_least}
        bounds["at_most"] = line.amount.at_most
        told |= {name: value and _number(value) for name, value in bounds.items()}
    if line.sources:
        told["sources"] = [
            {"id": each.id, "points": _number(each.points), "state": each.state}
            for each in line.sources
        ]
    if line.place:
        told["place"] = line.place
    return told


def _name(person: int, emails: Mapping[int, str]) -> str:
    return emails.get(person, f"#{person}")


def render_decision(name: str, told: Mapping[str, Any]) -> str:
    """Return the same for a person at a terminal."""
    lines = [f"{name}: {told['tier'] or 'no tier'} on {told['on']}"]
    for line in told["lines"]:
        lines.append(f"  {line['tier']}/{line['id']}: {_render_line(line)}")
        for each in line["not_counted"]:
            why = f"fills {each['line']}" if each["line"] else _REASONS[each["reason"]]
            lines.append(f"    not counted: {each['person']}, {why}")
    if told["next_tier"]:
        short = ", ".join(f"{count} × {line}" for line, count in told["missing"].items())
        lines.append(f"  missing for {told['next_tier']}: {short}")
    if told["next_change_on"]:
        lines.append(f"  next change on {told['next_change_on']}")
    return "\n".join(lines)


def _render_line(line: Mapping[str, Any]) -> str:
    if line["state"] in ("not_asked", "not_needed"):
        return str(line["state"]).replace("_", " ")
    if "value" in line:
        value = "not on record" if line["value"] is None else line["value"]
        bounds = [f"at least {line['at_least']}"] if line["at_least"] is not None else []
        bounds += [f"at most {line['at_most']}"] if line["at_most"] is not None else []
        return f"{value} ({', '.join(bounds)}), {line['state']}"
    counted = f"{line['counted']} of {line['needed']}"
    if line["kind"] == "people":
        people = ", ".join(line["people"]) or "nobody"
        return f"{counted} ({people})"
    return f"{counted}, {line['state']}".replace("_", " ")
