"""Texts that are kept in two languages."""

from __future__ import annotations

from django.utils.translation import get_language


class TwoLanguages:
    """Texts in pairs: `title` and `title_en`."""

    def said(self, name: str) -> str:
        """Return a text in the reader's language, the Chinese one where there is no English."""
        english = getattr(self, f"{name}_en") if (get_language() or "").startswith("en") else ""
        return str(english or getattr(self, name))

    def both(self, name: str) -> dict[str, str]:
        """Return a text in both languages, for the values of a notification."""
        zh = getattr(self, name)
        return {"zh": zh, "en": getattr(self, f"{name}_en") or zh}
