"""Every text of the portal has its English: complete, with the same placeholders, and current with the code."""

from __future__ import annotations

import ast
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

from portal import translations, vocabulary
from portal.management.commands.extract_translations import ROOTS

PO = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
HAN = re.compile("[\u2e80-\u9fff\u3000-\u303f\uff01-\uff5e]")
CHINESE_ON_PURPOSE = {
    "可以写 2023-04-07、2023/4/7 或 2023年4月7日。",  # the ways in which a date may be typed
    "可以粘贴通知中逐项的文字，一行一个节日，例如“元旦：1月1日至3日放假。1月4日上班。”",  # the notice is Chinese
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}|&\w+;|</?\w+[^>]*>")
WIDTH_OF_A_PILL = 16


def messages() -> list[Message]:
    with PO.open("rb") as file:
        return [message for message in read_po(file, locale="en", abort_invalid=True) if message.id]


def pairs(message: Message) -> list[tuple[str, str]]:
    """Return the forms of a text as (source, English)."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string or ""))]
    return list(zip(message.id, message.string or ("", ""), strict=True))


def faults(message: Message) -> list[str]:
    """Return what is wrong with the English of one text."""
    found = []
    for source, english in pairs(message):
        if not english.strip() or message.fuzzy:
            found.append("no English")
        if Counter(PLACEHOLDER.findall(source)) - Counter(PLACEHOLDER.findall(english)):
            found.append("placeholder missing")
        if set(PLACEHOLDER.findall(english)) - set(PLACEHOLDER.findall(source)):
            found.append("placeholder of its own")
        if HAN.search(english) and source not in CHINESE_ON_PURPOSE:
            found.append("Chinese in the English")
        if english.startswith("\n") != source.startswith("\n") or english.endswith("\n") != source.endswith("\n"):
            found.append("line ends differ")
    return found


def test_every_text_has_whole_english() -> None:
    wrong = {str(message.id): found for message in messages() if (found := faults(message))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("source", "english", "fault"),
    [
        ("办件", "", "no English"),
        ("办件 %(number)s", "Case", "placeholder missing"),
        ("办件", "Case %(number)s", "placeholder of its own"),
        ("办件", "Case 件", "Chinese in the English"),
        ("办件。", "Case。", "Chinese in the English"),
    ],
)
def test_the_check_of_english_with_a_fault(source: str, english: str, fault: str) -> None:
    assert fault in faults(Message(source, english))


def test_catalogue_is_current_with_the_code(tmp_path: Path) -> None:
    fresh = Path(shutil.copy(PO, tmp_path / "django.po"))
    untranslated, _all = translations.update(fresh, settings.BASE_DIR, ROOTS)
    with fresh.open("rb") as file:
        wanted = {(str(message.id), message.context) for message in read_po(file, locale="en") if message.id}
    kept = {(str(message.id), message.context) for message in messages()}
    assert (untranslated, wanted - kept, kept - wanted) == (0, set(), set())


def test_no_text_hides_in_an_f_string() -> None:
    """What stands inside an f-string is not collected: such a text would stay Chinese without anybody noticing."""
    hidden = []
    for file in translations.sources(settings.BASE_DIR, ROOTS):
        if file.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.JoinedStr):
                calls = (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))
                names = {getattr(call.func, "id", "") for call in calls}
                hidden += [f"{file.name}:{node.lineno}"] if names & set(translations.KEYWORDS) else []
    assert hidden == []


def test_no_keyword_is_renamed() -> None:
    """Only the known names are collected; `gettext as say` would hide its texts."""
    names = re.compile(r"from django\.utils\.translation import .*\bas (?!_$)(\w+)$", re.MULTILINE)
    files = [file for file in translations.sources(settings.BASE_DIR, ROOTS) if file.suffix == ".py"]
    assert [file.name for file in files if names.search(file.read_text())] == []


def test_words_of_states_fit_into_a_pill() -> None:
    with translation.override("en"):
        words = {str(state.label) for states in vocabulary.STATES.values() for state in states.values()}
    assert {word for word in words if len(word) > WIDTH_OF_A_PILL or HAN.search(word)} == set()
