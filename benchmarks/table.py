"""The table that the benchmarks print."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measured number, and the goal for it."""

    name: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def goal(self) -> str:
        """The goal and whether it was met."""
        if self.at_least is not None:
            met = self.value >= self.at_least
            return f"at least {self.at_least:g}: {'met' if met else 'MISSED'}"
        if self.at_most is not None:
            met = self.value <= self.at_most
            return f"at most {self.at_most:g}: {'met' if met else 'MISSED'}"
        return ""


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| what | measured | goal |", "|---|---:|---|"]
    lines += [f"| {row.name} | {row.value:.3g} | {row.goal} |" for row in rows]
    return "\n".join(lines)
