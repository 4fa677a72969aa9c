"""Markdown of officials never becomes anything but text, tables and harmless links."""

import re

import pytest
from django.template import Context, Template

from portal import markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    '[x](https://a.example "\\" onclick=alert(1) x=\\"")',
    "<a href='javascript:alert(1)'>x</a>",
    "<javascript:alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<style>body{display:none}</style>",
    "<form action=//evil.example><input name=p></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<!-- <script>alert(1)</script> -->",
    "```html\n<script>alert(1)</script>\n```",
    "`<b onmouseover=alert(1)>`",
    '# <h1 id="x" class="btn">title</h1>',
    "| a |\n|:-:|\n| <td onclick=alert(1)> |",
    "[ref]: javascript:alert(1)\n\n[ref]",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
]
TAG = re.compile(r"<\s*/?\s*([a-zA-Z][\w:-]*)([^>]*)>")
SAFE_ATTRIBUTE = re.compile(
    r'\s(?:href="(?:https?:|mailto:|[/#])[^"]*"|title="[^"]*"|rel="[^"]*"|start="\d+"|scope="col")'
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_leaves_only_harmless_tags(text):
    html = markdown.render(text)
    for name, attributes in TAG.findall(html):
        assert name in markdown.TAGS, html
        assert not SAFE_ATTRIBUTE.sub("", attributes).strip(" /"), html


def test_the_check_itself_sees_a_fault():
    found = TAG.findall('<b onclick="x()">')
    assert found[0][0] not in markdown.TAGS
    assert SAFE_ATTRIBUTE.sub("", ' href="javascript:x"').strip()


def test_links_do_not_vouch_and_do_not_tell_where_from():
    html = markdown.render("[公告](https://www.example.org/a?b=1&c=2)")
    assert 'rel="nofollow noopener noreferrer"' in html
    assert 'href="https://www.example.org/a?b=1&amp;c=2"' in html


def test_images_are_not_loaded():
    assert "<img" not in markdown.render("![图](https://evil.example/x.png)")


def test_headings_begin_below_the_pages_own_and_leave_no_level_out():
    html = markdown.render("# 一\n\n### 二\n\n###### 三")
    assert re.findall(r"<h(\d)>", html) == ["3", "4", "5"]


def test_table_heads_have_a_scope_and_no_style():
    html = markdown.render("| 甲 | 乙 |\n|:-:|--:|\n| 1 | 2 |")
    assert html.count('<th scope="col">') == 2
    assert "style" not in html


def test_plain_text_has_no_markup():
    assert markdown.plain("**要点** <b>x</b>") == "要点 &lt;b&gt;x&lt;/b&gt;"


def test_deep_nesting_and_long_text_end():
    assert len(markdown.render("> " * 2000 + "x")) < 10_000
    assert markdown.render("[" * 20_000)


def test_the_filter_is_for_templates_and_takes_nothing():
    template = Template("{% load portal %}{{ text|markdown }}")
    assert template.render(Context({"text": "<b>x</b> **y**"})) == "<p>&lt;b&gt;x&lt;/b&gt; <strong>y</strong></p>\n"
    assert template.render(Context({"text": None})) == ""
