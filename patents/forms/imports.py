"""Forms of imports: the file, what its columns mean, and the last word before it goes in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patents.importing import fields, readers
from patents.models import ImportRun, RightKind
from portal import formats

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xls,.json,.xml"
LONGEST_SAMPLE = 30


class UploadForm(forms.Form):
    """The file to import."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("文件"),
        help_text=_(
            "CSV、TSV、XLSX、XLS，或国家知识产权局查询结果的 JSON、XML；不超过 50 MB、100,000 行。"
            "incoPat、PatSnap、Google Patents、Lens 和专利局导出的表可以直接上传，不用改列名。"
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED, "data_limit": str(readers.MAX_SIZE)}),
        error_messages={"required": _("请选择文件。"), "empty": _("文件是空的（0 字节）。请重新选择文件。")},
    )


class MappingForm(forms.Form):
    """One choice per column of the file; what is left empty stays outside."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=_("整份文件都是"),
        required=False,
        help_text=_("没有“类型”列时选择；专利可以不选，按号码判断。"),
    )

    def __init__(self, *args: Any, run: ImportRun, suggestion: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in RightKind if kind != RightKind.TRADE_SECRET]
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("按文件内容判断")), *kinds]
        kind.initial = suggestion.get("kind", "")
        choices = [("", _("不导入")), *fields.LABELS.items()]
        self.places = [place for place, title in enumerate(run.header) if title]
        for place in self.places:
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=run.header[place],
                required=False,
                choices=choices,
                initial=suggestion["columns"].get(str(place), ""),
                help_text=_sample(run.samples, place),
            )

    def columns(self) -> dict[int, str]:
        """Return {position: field} of the columns that are imported."""
        chosen = {place: self.cleaned_data.get(f"column_{place}", "") for place in self.places}
        return {place: name for place, name in chosen.items() if name}

    def known(self) -> list[forms.BoundField]:
        """Return the columns that are taken along."""
        return [field for field in self._columns() if field.value()]

    def unknown(self) -> list[forms.BoundField]:
        """Return the columns that are left out; the page lists them apart."""
        return [field for field in self._columns() if not field.value()]

    def _columns(self) -> list[forms.BoundField]:
        return [self[f"column_{place}"] for place in self.places]


def _sample(samples: list[list[str]], place: int) -> str:
    """Return the first cells of a column in words."""
    found = [row[place][:LONGEST_SAMPLE] for row in samples if place < len(row) and row[place].strip()]
    # Help texts are markup: what comes from a file is escaped here.
    return (
        gettext("例：%(cells)s") % {"cells": escape(formats.strung(dict.fromkeys(found)))}
        if found
        else gettext("前几行为空")
    )


class ConfirmForm(forms.Form):
    """Take it in; with bad rows expressly without them."""

    takes_good_rows = forms.BooleanField(label=_("只导入合格的行，有错误的行留在外面"), required=False)


class IncludeForm(forms.Form):
    """Which rows of other owners go in after all: those picked, or all."""

    pick = forms.TypedMultipleChoiceField(coerce=int, required=False)
    is_all = forms.BooleanField(required=False)
    is_included = forms.ChoiceField(choices=[("1", "1"), ("0", "0")], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick: Any = self.fields["pick"]
        pick.valid_value = lambda value: str(value).isascii() and str(value).isdecimal() and len(str(value)) <= 7

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("pick") and not found.get("is_all"):
            raise forms.ValidationError(_("请先勾选要处理的行。"))
        found["is_included"] = found.get("is_included") != "0"
        return found
