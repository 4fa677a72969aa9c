"""The house rules hold, and every check is seen red on a planted fault first."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import imports, sizes, texts
from tests.architecture.files import app_modules, templates

ROOT = Path(__file__).parents[1]
LONG = "x = 1\n"
CHECKS: dict[str, Callable[[Path], list[str]]] = {
    "apps import downwards only": imports.between_apps,
    "layers import downwards only": imports.inside_apps,
    "no inline import": imports.inline,
    "pure modules know no Django": imports.pure,
    "modules and templates keep their size": sizes.modules,
    "functions and classes keep their size": sizes.definitions,
    "view bodies keep their size": sizes.view_bodies,
    "modules say what they are for": sizes.docstrings,
    "no forbidden name": sizes.names,
    "no inline style or script": texts.unsafe_markup,
    "templates are translated": texts.untranslated_templates,
    "gettext takes plain strings": texts.gettext_arguments,
    "views and forms are translated": texts.untranslated_code,
    "URLs carry no primary key": texts.addresses_by_key,
    "no registry and no machine is named": texts.elsewhere,
}
DOC = '"""A module."""\n'
# check, file, content with the fault, the same without it
FAULTS = [
    (
        "apps import downwards only",
        "portal/views/x.py",
        "from patents.models import Right",
        "from portal.models import User",
    ),
    ("apps import downwards only", "enterprises/actions.py", "import patents.actions", "import portal.files"),
    (
        "apps import downwards only",
        "finance/actions.py",
        "from services.public import models",
        "from patents import models",
    ),
    (
        "apps import downwards only",
        "services/protection/actions.py",
        "import finance.models",
        "import enterprises.models",
    ),
    (
        "layers import downwards only",
        "portal/models/x.py",
        "from portal import permissions",
        "from portal import clock",
    ),
    (
        "layers import downwards only",
        "portal/permissions.py",
        "from portal.forms import X",
        "from portal.models import X",
    ),
    ("layers import downwards only", "patents/actions.py", "from . import forms", "from . import models"),
    (
        "layers import downwards only",
        "patents/forms.py",
        "from patents.views import X",
        "from patents.actions import X",
    ),
    (
        "layers import downwards only",
        "patents/actions.py",
        "from portal.views import X",
        "from portal.audit import record",
    ),
    ("no inline import", "portal/files.py", "def f():\n    import os", "import os"),
    ("no inline import", "tests/test_x.py", "class A:\n    from os import path", "from os import path"),
    ("pure modules know no Django", "portal/workdays.py", "from django.conf import settings", "import datetime"),
    ("pure modules know no Django", "portal/uscc.py", "from portal import files", "import stdnum"),
    ("modules and templates keep their size", "portal/files.py", LONG * 500, LONG * 400),
    ("modules and templates keep their size", "tests/test_x.py", LONG * 701, LONG * 690),
    ("modules and templates keep their size", "templates/x.html", "<p>\n" * 151, "<p>\n" * 150),
    (
        "functions and classes keep their size",
        "portal/files.py",
        "def f():\n" + "    x = 1\n" * 50,
        "def f():\n" + "    x = 1\n" * 49,
    ),
    (
        "functions and classes keep their size",
        "portal/files.py",
        "class A:\n" + "    x = 1\n" * 150,
        "class A:\n" + "    x = 1\n" * 149,
    ),
    (
        "view bodies keep their size",
        "portal/views/x.py",
        "class A:\n    def post(self):\n" + "        x = 1\n" * 16,
        'class A:\n    def post(self):\n        """Do."""\n' + "        x = 1\n" * 15,
    ),
    (
        "view bodies keep their size",
        "patents/views.py",
        "def a(request):\n" + "    x = 1\n" * 16,
        "def a(form):\n" + "    x = 1\n" * 16,
    ),
    ("no forbidden name", "portal/utils.py", "x = 1", None),
    ("no forbidden name", "patents/services.py", "x = 1", None),
    (
        "no forbidden name",
        "portal/models/x.py",
        "from django.contrib.contenttypes.fields import GenericForeignKey",
        "import os",
    ),
    (
        "no forbidden name",
        "portal/models/x.py",
        "from django.contrib.contenttypes import fields\nfields.GenericForeignKey()",
        "import os",
    ),
    (
        "no forbidden name",
        "portal/files.py",
        "from django.db.models.signals import post_save",
        "from django.db.models import Q",
    ),
    (
        "no forbidden name",
        "portal/files.py",
        "from django.dispatch import receiver",
        "from django.utils import timezone",
    ),
    ("no inline style or script", "templates/x.html", '<p class="a" style="color: red">', '<p class="style">'),
    ("no inline style or script", "templates/x.html", "<p\n  style='x'>", "{# <p style='x'> #}<p>"),
    ("no inline style or script", "templates/x.html", '<button onclick="go()">', '<button data-onclick="go">'),
    ("no inline style or script", "templates/x.html", "<script>go()</script>", '<script src="a.js" defer></script>'),
    ("no inline style or script", "templates/x.html", "<style>p{}</style>", "<p>style</p>"),
    ("no inline style or script", "templates/x.html", '<a href="javascript:go()">', '<a href="#javascript">'),
    ("no inline style or script", "portal/pieces.py", "x = '<i style=\"width: 1%\">'", "x = '<i class=\"style\">'"),
    ("templates are translated", "templates/x.html", "<h1>标题</h1>", '<h1>{% translate "标题" %}</h1>'),
    ("templates are translated", "templates/x.html", '{% pill "good" "x" "标题" %}', '{% pill "good" "x" _("标题") %}'),
    (
        "templates are translated",
        "templates/x.html",
        '<img alt="标题">',
        '{% blocktranslate trimmed %}共 {{ n }} 件{% endblocktranslate %}<b lang="zh-Hans">中文</b>{# 注 #}',
    ),
    ("gettext takes plain strings", "portal/files.py", '_(f"第 {n} 位")', '_("第 %(n)s 位") % {"n": n}'),
    ("gettext takes plain strings", "portal/files.py", '_("第 %s 位" % n)', '_("第一" "位")'),
    (
        "gettext takes plain strings",
        "portal/files.py",
        'gettext("第 {} 位".format(n))',
        'gettext("第 {n} 位").format(n=n)',
    ),
    (
        "views and forms are translated",
        "portal/views/x.py",
        'title = "标题"',
        '"""标题"""\ntitle = _("标题")\nx = "稍后再试 / Try again"',
    ),
    ("views and forms are translated", "patents/forms.py", 'x(label="标题")', 'x(label=_("标题"))'),
    ("URLs carry no primary key", "portal/routes/x.py", 'path("calls/<int:pk>/")', 'path("calls/<str:number>/")'),
    ("URLs carry no primary key", "patents/urls.py", 'path("rights/<int:right_id>/")', 'path("rights/<int:year>/")'),
    (
        "no registry and no machine is named",
        "Makefile",
        "pip install --find" + "-links=wheels",
        "pip install -r requirements.lock",
    ),
    ("no registry and no machine is named", "x.lock", "--index-" + "url somewhere", "django==5.2"),
    ("no registry and no machine is named", "README.md", "see py" + "pi.org", "see the manual"),
    ("no registry and no machine is named", "tests/x.py", 'open("/wo' + 'rk/main")', 'open("works/main")'),
]


@pytest.mark.parametrize("name", CHECKS)
def test_the_project_keeps(name):
    assert CHECKS[name](ROOT) == []


@pytest.mark.parametrize(("name", "file", "bad", "good"), FAULTS)
def test_check_is_red_on_a_planted_fault_and_green_without_it(tmp_path, name, file, bad, good):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    head = DOC if file.endswith(".py") else ""
    path.write_text(head + bad, encoding="utf-8")
    found = CHECKS[name](tmp_path)
    assert found and all(fault.startswith(f"{file}:") for fault in found)
    if good is None:
        path.rename(path.with_name("subject.py"))
    else:
        path.write_text(head + good, encoding="utf-8")
    assert CHECKS[name](tmp_path) == []


def test_missing_or_long_module_docstring_is_a_fault(tmp_path):
    (path := tmp_path / "portal" / "files.py").parent.mkdir()
    for text, count in [("x = 1", 1), ('"""' + "line\n" * 6 + '"""', 1), (DOC, 0), ("", 0)]:
        path.write_text(text, encoding="utf-8")
        assert len(sizes.docstrings(tmp_path)) == count, text


def test_composition_root_may_name_everything(tmp_path):
    (path := tmp_path / "portal" / "urls.py").parent.mkdir()
    path.write_text("from finance import views", encoding="utf-8")
    assert imports.between_apps(tmp_path) + imports.inside_apps(tmp_path) == []


def test_apps_py_may_import_late(tmp_path):
    (path := tmp_path / "patents" / "apps.py").parent.mkdir()
    path.write_text("def ready():\n    from patents import kinds", encoding="utf-8")
    assert imports.inline(tmp_path) == []


def test_every_check_has_a_planted_fault_and_something_to_read():
    assert {name for name, *_rest in FAULTS} == CHECKS.keys() - {"modules say what they are for"}
    assert len(list(app_modules(ROOT))) > 60
    assert len(list(templates(ROOT))) > 40
    present = {imports.dotted(ROOT, path) for path in app_modules(ROOT)}
    assert {name for name in imports.PURE if name.startswith("portal.")} <= present
