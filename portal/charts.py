"""A chart is a table with a finding: the page draws it from the table it shows, so that both always agree."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

KINDS = frozenset({"stack", "bars", "lines", "keepdrop", "funnel", "radar"})


@dataclass(frozen=True)
class Chart:
    """One figure.

    kind: stack, bars, lines, keepdrop (bars with a line over them), funnel or radar.
    title: the finding as a sentence; note: unit, basis and date.
    head: column names, the first for the rows; rows: a label and then numbers (None is shown as a dash).
    mark and mark_label: a row label at which a dashed line is drawn, and its words (keepdrop).
    size: "", "s" or "l"; keep_table leaves the table open beside the drawing.
    """

    kind: str
    title: str | Promise
    head: Sequence[str | Promise]
    rows: Sequence[Sequence[object]]
    note: str | Promise = ""
    mark: str = ""
    mark_label: str | Promise = ""
    size: str = ""
    keep_table: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such chart: {self.kind}")
