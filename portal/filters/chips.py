"""What a filter has chosen, in words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

from portal.formats import labelled


class Chips:
    """For filter sets: the choices as the chips above a list show them."""

    form: Any

    def chips(self) -> list[tuple[str, str, str]]:
        """Return what is chosen as (parameter, value, words)."""
        if not self.form.is_valid():
            return []
        found = []
        for name, value in self.form.cleaned_data.items():
            if value:
                field = self.form.fields[name]
                label = dict(getattr(field, "choices", ())).get(value, value)
                found.append((name, str(value), labelled(field.label or "", label)))
        return found


def links(request: HttpRequest, chosen: Any, *passing: str) -> list[dict[str, str]]:
    """Return the chosen filters with the address that takes each away, for components/filters.html.

    `passing`: parameters besides the place in the list that such an address leaves out.
    """
    return [
        {"label": words, "url": f"?{without(request, name, *passing).urlencode()}"}
        for name, *_value, words in chosen.chips()
    ]


def without(request: HttpRequest, *names: str) -> QueryDict:
    """Return what the address asks for but these, and but the place in the list."""
    rest = request.GET.copy()
    for key in (*names, "after", "before"):
        rest.pop(key, None)
    return rest
