"""What stands in templates, addresses and strings: no inline style or script, no untranslated text, no machine."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.files import app_modules, dotted, fault, templates, tree, walk
from tests.architecture.imports import part_of

HAN = re.compile(r"[\u3400-\u9fff]")
UNSAFE = {
    "style attribute": re.compile(r"<[^<>]*\sstyle\s*=", re.I),
    "event attribute": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=\s*[\"'{]", re.I),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "javascript address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
}
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.S)
TRANSLATED = re.compile(r"\{%-?\s*blocktrans(?:late)?\b.*?%\}.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.S)
TRANSLATE = re.compile(r"\{%\s*trans(?:late)?\b.*?%\}", re.S)
MARKED = re.compile(r"_\(\s*(\"[^\"]*\"|'[^']*')\s*\)")
IN_CHINESE = re.compile(r"<(\w+)[^<>]*\slang=\"zh-Hans\"[^<>]*>[^<]*", re.S)  # the language's own name, say
# Shown when nothing works: both languages stand in the page itself.
BILINGUAL = frozenset(["500.html", "503.html", "outage.html"])
EXAMPLES = "gallery"  # the components gallery exists in DEBUG only; its texts are examples
GETTEXT = frozenset(["_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "N_"])
BOTH = re.compile(r"[\u3400-\u9fff].* / .*[A-Za-z]")  # both languages in one sentence, for when no setting can be read
SPEAKING = frozenset(["views", "forms", "tables", "filters", "api", "admin"])  # elsewhere Chinese may be data or a pair
BY_NUMBER = re.compile(r"<(?:int:)?(?:pk|id)>|<int:\w*(?:_pk|_id)>")
ELSEWHERE = {
    "address of a registry": re.compile(
        r"(?:pypi|pythonhosted|npmjs|yarnpkg|npmmirror|crates|rubygems)\.(?:org|com|io)|(?:--|^)(?:extra-)?index-url"
        r"|--find[-]links|https?://[\w.-]*(?:mirror|registry)[\w.-]*[:/]",
        re.M,
    ),
    "path of a machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/[\w.]"),
}
LARGEST = 2_000_000  # bytes; what is larger is no text of ours


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _blank(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def unsafe_markup(root: Path) -> list[str]:
    """The content security policy forbids inline style and script, in templates and in markup made by Python."""
    faults = []
    for path in (*templates(root), *app_modules(root)):
        text = COMMENT.sub(_blank, path.read_text(encoding="utf-8"))
        for what, pattern in UNSAFE.items():
            faults += [fault(root, path, _line(text, found.start()), what) for found in pattern.finditer(text)]
    return faults


def untranslated_templates(root: Path) -> list[str]:
    """Every Chinese text of a template goes through gettext."""
    faults = []
    for path in templates(root):
        if path.name in BILINGUAL or EXAMPLES in path.parts or path.stem == EXAMPLES:
            continue
        text = path.read_text(encoding="utf-8")
        for pattern in (COMMENT, TRANSLATED, TRANSLATE, MARKED, IN_CHINESE):
            text = pattern.sub(_blank, text)
        lines = sorted({_line(text, found.start()) for found in HAN.finditer(text)})
        faults += [fault(root, path, line, "Chinese text outside gettext") for line in lines]
    return faults


def _calls(module: ast.Module) -> Iterator[ast.Call]:
    """Yield the calls of gettext."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT and node.args:
            yield node


def gettext_arguments(root: Path) -> list[str]:
    """gettext takes a plain string: an f-string or a formatted one is never found in the catalogue."""
    faults = []
    for path in app_modules(root):
        for call in _calls(tree(path)):
            first = call.args[0]
            formatted = isinstance(first, ast.Call) and isinstance(first.func, ast.Attribute)
            if formatted or isinstance(first, ast.JoinedStr | ast.BinOp):
                faults.append(fault(root, path, call.lineno, "gettext of something that is not a plain string"))
    return faults


def untranslated_code(root: Path) -> list[str]:
    """Every Chinese text of a view, form, table or filter goes through gettext."""
    faults = []
    for path in app_modules(root):
        if part_of(dotted(root, path)) not in SPEAKING or path.stem == EXAMPLES:
            continue
        module = tree(path)
        allowed = {id(part) for call in _calls(module) for part in ast.walk(call)}
        allowed |= {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(module):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in allowed
            if is_text and HAN.search(node.value) and not BOTH.search(node.value):
                faults.append(fault(root, path, node.lineno, "Chinese text outside gettext"))
    return faults


def addresses_by_key(root: Path) -> list[str]:
    """URLs carry public numbers, never primary keys."""
    faults = []
    for path in app_modules(root):
        text = path.read_text(encoding="utf-8")
        faults += [
            fault(root, path, _line(text, found.start()), "primary key in a URL") for found in BY_NUMBER.finditer(text)
        ]
    return faults


def elsewhere(root: Path) -> list[str]:
    """No file of ours names a package registry or a folder of one machine."""
    faults = []
    for path in walk(root):
        if path.stat().st_size > LARGEST:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for what, pattern in ELSEWHERE.items():
            faults += [fault(root, path, _line(text, found.start()), what) for found in pattern.finditer(text)]
    return faults
