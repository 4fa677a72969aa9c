"""Names of saved views."""

from __future__ import annotations

from django import forms
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """A name a person gives a view."""

    name = forms.CharField(label=_("视图名称"), max_length=60)


class SaveForm(NameForm):
    """A list page, its query string and the name."""

    page = forms.SlugField(max_length=60)
    query = forms.CharField(max_length=2000, required=False)

    def clean_page(self) -> str:
        page: str = self.cleaned_data["page"]
        try:
            reverse(page)
        except NoReverseMatch as error:
            raise forms.ValidationError(_("没有这个列表。")) from error
        return page

    def named(self) -> dict[str, str]:
        """Return what is kept, without the page."""
        return {"name": self.cleaned_data["name"], "query": self.cleaned_data["query"]}
