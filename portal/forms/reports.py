"""The wish for a report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.models import ReportRun


class ReportForm(forms.Form):
    """One report and its format; `reports` are those the person may make."""

    report = forms.ChoiceField(label=_("报表"))
    format = forms.ChoiceField(
        label=_("格式"), choices=ReportRun.Format.choices, initial="xlsx", widget=forms.RadioSelect
    )

    def __init__(self, *args: object, reports: list[tuple[str, object]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["report"].choices = reports  # type: ignore[attr-defined]
        self.fields["format"].help_text = _(
            "XLSX 保留数字、日期和文本的类型；CSV 供程序读取；PDF 供打印，最多 2,000 行。"
        )
