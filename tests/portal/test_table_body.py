"""The rows of a table are what django-tables2 would make of them, cell by cell."""

import re

import django_tables2 as tables
import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

from patents.models import Right
from patents.nearest import with_nearest
from patents.tables.register import CHOOSABLE, AreaRightTable, RightTable
from portal.columns import PickColumn
from portal.tables.body import body
from tests.factories.rights import make_right

BY_THE_BOOK = Template("""{% for row in table.paginated_rows %}<tr role="row" {{ row.attrs.as_html }}>
{% for column, cell in row.items %}{% if column.name == table.row_header %}<th scope="row" role="rowheader"
{% if column.attrs.td.class %} class="{{ column.attrs.td.class }}"{% endif %}>{{ cell }}</th>{% else %}
<td role="cell"{% if column.attrs.td.class %} class="{{ column.attrs.td.class }}"{% endif %}
{% if column.attrs.td.class != "is-check" %} data-l="{{ column.header|striptags }}"{% endif %}>{{ cell }}</td>
{% endif %}
{% endfor %}</tr>{% endfor %}""")


def plain(html):
    return re.sub(r"\s+", "", html)


def same(kind, rows, **options):
    """Each from a table of its own: a table counts its rows on."""
    return plain(body(kind(rows, **options))) == plain(BY_THE_BOOK.render(Context({"table": kind(rows, **options)})))


@pytest.mark.django_db
def test_rights_look_as_the_library_would_show_them(organisation, applicant):
    several = [{"title": "<b>&膜"}, {"responsible": applicant, "grade": "A"}, {"flags": ["pledged"], "country": "US"}]
    for extra in several:
        make_right(organisation, **extra)
    rows = list(with_nearest(Right.objects.select_related("responsible", "organisation").order_by("pk")))
    assert same(RightTable, rows)
    assert same(RightTable, rows, exclude=list(CHOOSABLE)[:4])
    assert same(AreaRightTable, rows)
    assert "&lt;b&gt;&amp;膜" in body(RightTable(rows))


class Odd(tables.Table):
    """What the project's tables could hold besides."""

    row_header = "name"
    pick = PickColumn(accessor="name")
    name = tables.Column(linkify=lambda value: f"/x/{value}/")
    count = tables.Column(verbose_name=mark_safe("<i>数</i>"), attrs={"td": {"class": "a b"}})
    safe = tables.Column(default="没有")
    deep = tables.Column(accessor="inner__value")

    def render_count(self, value, **known):
        return value + len(known["record"]["name"])


def test_plain_rows_links_paths_and_defaults_are_those_of_the_library():
    rows = [
        {"name": "<1>", "count": 1234567, "safe": mark_safe("<b>x</b>"), "inner": {"value": 1.5}},
        {"name": "2", "count": 0, "safe": None, "inner": None},
    ]
    assert same(Odd, rows)
    assert body(Odd([])) == ""
