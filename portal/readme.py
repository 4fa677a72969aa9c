"""The parts of README.md that are generated from the tables in code, so that they cannot disagree."""

from __future__ import annotations

from django.utils import translation

from portal.permissions import ROLES, SECOND_FACTOR, Permission
from portal.procedures import EVENT, OWNER, TRANSITIONS

BEGIN, END = "<!-- generated: {name} -->", "<!-- end: {name} -->"


def state_diagram() -> str:
    """Return the workflow as a Mermaid state diagram."""
    with translation.override("zh-hans"):
        lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
        lines += [f"    {status.value} : {status.label}（{OWNER[status].value}）" for status in TRANSITIONS]
        for status, verbs in TRANSITIONS.items():
            for verb, target in verbs.items():
                lines.append(f"    {status.value} --> {target.value} : {verb.value} {EVENT[verb].label}")
        return "\n".join([*lines, "```"])


def permission_matrix() -> str:
    """Return role x permission as a Markdown table; ● allowed, ◆ allowed with a second factor."""
    roles = list(ROLES)
    head = "| permission | " + " | ".join(role.replace("_", " ") for role in roles) + " |"
    rows = [head, "|---|" + ":-:|" * len(roles)]
    for permission in Permission:
        cells = [_cell(permission, role) for role in roles]
        rows.append(f"| {permission.name.lower().replace('_', ' ')} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _cell(permission: Permission, role: str) -> str:
    if permission not in ROLES[role]:
        return ""
    return "◆" if permission in SECOND_FACTOR else "●"


PARTS = {"state diagram": state_diagram, "permission matrix": permission_matrix}


def refresh(text: str) -> str:
    """Return the README's text with every generated part made anew; raises ValueError where a mark is missing."""
    for name, make in PARTS.items():
        begin, end = BEGIN.format(name=name), END.format(name=name)
        if begin not in text or end not in text:
            raise ValueError(f"README.md lacks the marks of the generated part {name!r}")
        before, after = text.split(begin, maxsplit=1)[0], text.split(end)[1]
        text = f"{before}{begin}\n{make()}\n{end}{after}"
    return text
