"""A district's own programmes in the world: a draft nobody else's district may know of, and one in use."""

from __future__ import annotations

from typing import Any

from portal import programmes, questionnaire_editing
from portal.models import District, Questionnaire


def add_shared(world: Any) -> None:
    """Add Minhang's programmes, and an edit to the city's draft questionnaire that can be taken back."""
    maker, place = world.people["supervisor_1"], District.objects.get(slug="minhang")
    words = world.canaries.make("", "district_draft")
    for name, code, prefix, title in (
        ("programme", "own-draft", "OD", words),
        ("programme:active", "own", "OW", "区项目"),
    ):
        made = programmes.create(
            {
                "code": code,
                "title_zh": title,
                "title_en": title,
                "prefix": prefix,
                "certificate_prefix": f"{prefix}R",
                "certificate_title_zh": title, "certificate_title_en": title, "stages": ["verify", "settle"],
                "eligibility": [{"rule": "verified", "values": {}}],
            },
            host=place, by=maker,
        )  # fmt: skip
        world.shared[name] = {"code": made.code, "number": made.code}
        if name == "programme:active":
            programmes.activate(made, by=maker)
    draft = Questionnaire.objects.get(status=Questionnaire.Status.DRAFT)
    values = {"type": "text", "label": {"zh": "备用", "en": "Spare"}}
    by = world.people["administrator"]
    questionnaire_editing.edit(draft, "add_question", section="basics", values=values, revision=0, by=by)
