"""Reads that the ORM composes once a thread: composing takes several times as long as running."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection
from django.db.models import QuerySet

P = ParamSpec("P")
Row = TypeVar("Row")


@dataclass(frozen=True)
class Statement:
    """What of a read stays the same: its words, and what its columns become."""

    sql: str
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]
    build: Callable[[list[Any]], Any]

    def run(self, values: tuple[Any, ...]) -> list[Any]:
        """Return the rows with these values in the statement."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            return [self.build(self._convert(row)) for row in cursor.fetchall()]

    def _convert(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for place, (converters, expression) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return values


def prepared(compose: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """Keep the statement of a read of one model, or of ``values_list``; calls fill in its values.

    The arguments, numbers or texts, are the statement's values in the order in which it names them;
    another number of them is another statement. Rows are read anew by each call. A thread keeps its
    own statements, as it has its own connection.
    """
    kept = threading.local()

    @wraps(compose)
    def read(*values: P.args, **named: P.kwargs) -> list[Row]:
        statements: dict[int, Statement] = vars(kept).setdefault("statements", {})
        if len(values) not in statements:
            statements[len(values)] = _compose(compose(*values, **named), values)
        return statements[len(values)].run(values)

    return read


def _compose(queryset: QuerySet[Any, Any], values: tuple[Any, ...]) -> Statement:
    query = queryset.query
    compiler = query.get_compiler(connection=connection)
    sql, named = compiler.as_sql()
    if tuple(named) != values or query.select_related:
        raise TypeError(f"not to be prepared with the values {values}: {sql}")
    columns = [column for column, *_ in compiler.select]
    build: Callable[[list[Any]], Any] = tuple
    if not query.values_select:
        names = [column.target.attname for column in columns]
        build = partial(queryset.model.from_db, connection.alias, names)
    return Statement(sql, compiler.get_converters(columns), build)
