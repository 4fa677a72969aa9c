"""Every component in all its states on one page, for whoever builds pages. Served in DEBUG only."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django_tables2 as tables
from django import forms
from django.conf import settings
from django.contrib import messages
from django.views.generic import TemplateView

from portal import pieces, tiles, vocabulary
from portal.charts import Chart
from portal.clauses import CLAUSES, GROUPS
from portal.columns import PickColumn, StatusColumn

LONG = "Shanghai Shenlan Micro-Sensing Technology Development Company Limited (Minhang)"


class SampleForm(forms.Form):
    """One field of every kind; bound to wrong answers it shows every error."""

    name = forms.CharField(label="企业名称", help_text="与营业执照一致。", max_length=60)
    budget = forms.IntegerField(
        label="上年度知识产权经费", help_text="包括申请、年费、培训、维权支出。可以带逗号粘贴。"
    )
    standard = forms.ChoiceField(
        label="采用哪个版本的管理标准",
        help_text="已认证的请选择证书上的版本。",
        widget=forms.RadioSelect,
        choices=[
            ("2023", "GB/T 29490-2023\n企业知识产权合规管理体系 要求"),
            ("2013", "GB/T 29490-2013\n企业知识产权管理规范"),
            ("none", "None of the editions has been adopted by our company so far"),
        ],
    )
    markets = forms.MultipleChoiceField(
        label="出口市场",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("us", "美国"), ("eu", "欧洲"), ("jp", "日本")],
    )
    district = forms.ChoiceField(
        label="所在区", choices=[("", "请选择"), *[(item.code, item.name) for item in tiles.DISTRICTS]]
    )
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.FileField(label="管理制度文件", help_text="PDF、JPG 或 PNG，单个不超过 20 MB。")
    agreed = forms.BooleanField(label="我已核对以上内容", help_text="Submitting a false statement has consequences.")


class SampleTable(tables.Table):
    """A queue of officials: clock first, the name as row header, one-line rows."""

    check = PickColumn(accessor="number")
    clock = tables.Column("时限", order_by="left")
    number = tables.Column("编号", attrs={"td": {"class": "ip-num"}})
    organisation = tables.Column("企业")
    matter = tables.Column("事项", orderable=False)
    status = StatusColumn("application", verbose_name="状态")
    officer = tables.Column("经办", attrs={"td": {"class": "is-minor"}}, orderable=False)
    amount = tables.Column("金额", attrs={"td": {"class": "ip-r"}, "th": {"class": "ip-r"}})
    row_header = "organisation"
    caption = "办件队列示例"
    is_line = True

    class Meta:
        row_attrs = {"data-href": lambda record: f"?open={record['number']}"}

    def render_clock(self, record: dict[str, Any]) -> str:
        return pieces.clock_cell(record["left"], record["used"], 15, record["left"] is None)


def sample_rows() -> list[dict[str, Any]]:
    """Return rows with every kind of clock and status, one with a long English name."""
    names = ["衡越精密机械（上海）有限公司", LONG, "上海岚图晶电科技有限公司", "上海知序软件有限公司"]
    lefts, statuses = [-1, 1, 8, None], ["in_review", "submitted", "returned", "publicity"]
    return [
        {
            "number": f"SQ-2026-0{at}88",
            "left": left,
            "clock": left,
            "used": 14 - at * 3,
            "organisation": name,
            "matter": "试点单位申报",
            "status": status,
            "officer": "顾明之",
            "amount": "¥1,200.00",
        }
        for at, (name, left, status) in enumerate(zip(names, lefts, statuses, strict=True))
    ]


def samples() -> dict[str, Any]:
    """Return the invented data of the page, each piece under the name its component expects."""
    data = json.loads((Path(settings.BASE_DIR) / "portal" / "data" / "gallery.json").read_text())
    return {**data, "charts": [Chart(**chart) for chart in data["charts"]]}


def heat_groups() -> list[dict[str, Any]]:
    """Return clause x district figures that follow a plain formula: shown as 示例."""
    groups = []
    for key, (name, _) in list(GROUPS.items())[:2]:
        rows = []
        for clause in [item for item in CLAUSES.values() if item.group == key]:
            values = [(int(clause.key) * 37 + at * 13) % 83 + 17 for at in range(16)]
            cells = [
                {"value": value, "shade": tiles.shade(value, (20, 35, 50, 65, 80, 92)), "is_late": value < 20}
                for value in values
            ]
            rows.append(
                {"label": f"{clause.key} {clause.short_zh}", "url": "#", "cells": cells, "total": sum(values) // 16}
            )
        groups.append({"heading": name, "rows": rows})
    return groups


def parts() -> dict[str, Any]:
    """Return sample data for the components that need more than a line."""
    table = SampleTable(sample_rows(), order_by="clock")
    table.keys = True
    table.keyset = SimpleNamespace(
        has_previous=True, has_next=True, previous_cursor="a", next_cursor="b", count=10000, first=None, last=None
    )
    codes = [item.code for item in tiles.DISTRICTS]
    rules = [{"text": "已进入实质审查", "is_met": True}, {"text": "同日未申请实用新型", "is_met": True}]
    failing = {
        "text": "1 件专利剩余 1 年 7 个月，短于 2 年贷款期",
        "is_met": False,
        "way_out": "换用另一件即可全部通过",
    }
    return {
        "states": vocabulary.STATES,
        "form": SampleForm(initial={"name": "上海汀禾生物科技有限公司", "standard": "2023"}),
        "wrong": SampleForm({"wrong-name": "", "wrong-budget": "约18万"}, prefix="wrong"),
        "table": table,
        "rules": rules,
        "failing": [*rules, failing],
        "counts": {code: (at * 7) % 53 for at, code in enumerate(codes)},
        "tile_urls": {code: f"#{code}" for code in codes},
        "heat": heat_groups(),
        "districts": [item.short for item in tiles.DISTRICTS],
        "allowed": SimpleNamespace(ok=True, why=""),
        "refused": SimpleNamespace(ok=False, why="还差 2 步：3.2 尚未判断；4.1 不一致尚未说明。"),
        "due_days": [46, 18, 5, 0, -3],
        "hat": "申澜微感 · 企业端",
        "unread_count": 3,
        "page_clause": ["5", "S2"],
        "long": LONG,
    }


class Gallery(TemplateView):
    """The page of components. ?shell=side shows them inside the signed-in shell, ?dense=1 as officials see them."""

    template_name = "portal/gallery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return sample data for every component."""
        messages.success(self.request, "已重新提交：闵行区 11月25日恢复计时，预计 12月7日前答复。")
        messages.error(self.request, "This application was changed by somebody else in the meantime.")
        return super().get_context_data(is_dense="dense" in self.request.GET, **parts(), **samples(), **kwargs)
