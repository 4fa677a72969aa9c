"""Forms sent empty and with nonsense: the answer says so beside the field and on top, and keeps what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import TimeoutError

from .checkers import faults_of
from .driver import Visitor

# What people fill in; search and filters ask by GET and are pages like any other.
FORMS = "#main form[method=post]:has(input:not([type=hidden]), textarea, select)"
NONSENSE = "？？"
SPOIL = """(form, nonsense) => {
  for (const field of form.elements) {
    if (field.type === 'checkbox') field.checked = false;
    else if (field.type === 'radio') continue;
    else if (field.tagName === 'SELECT') field.selectedIndex = 0;
    else if (field.tagName === 'TEXTAREA') field.value = '';
    else if (['date', 'time', 'datetime-local', 'number'].includes(field.type)) field.value = '';
    else if (['text', 'email', 'search', 'url', 'tel', 'password'].includes(field.type) && !field.readOnly)
      field.value = nonsense;
  }
}"""
TYPED = """form => Object.fromEntries(Array.from(form.elements)
  .filter(field => field.name && ['text', 'email', 'tel'].includes(field.type) && !field.readOnly)
  .map(field => [field.name, field.value]))"""
SEND = """form => form.requestSubmit(
  form.querySelector('button.btn-primary:not([type=button]), button.btn-stop:not([type=button])') || undefined)"""
# Every link of the summary leads to a field; every field with an error says so, and by which words.
UNTOLD = """() => {
  const faults = [];
  for (const box of document.querySelectorAll('.ip-errsum'))
    for (const link of box.querySelectorAll('a[href^="#"]'))
      if (!document.getElementById(link.hash.slice(1))) faults.push(`summary leads nowhere: ${link.hash}`);
  for (const box of document.querySelectorAll('.ip-field.is-err')) {
    const field = box.querySelector('fieldset, input:not([type=hidden]), select, textarea');
    const words = (field?.getAttribute('aria-describedby') || '').split(' ').map(id => document.getElementById(id));
    if (!words.some(one => one?.closest('.ip-err'))) faults.push(`words of an error are not tied to ${box.id}`);
    const isOne = field?.matches('input, select, textarea');
    if (isOne && !box.querySelector('[aria-invalid=true]')) faults.push(`not marked as invalid: ${box.id}`);
  }
  return faults;
}"""


@dataclass
class Sent:
    """What came of the forms of one role: routes that told an error, that took anything, and what is wrong."""

    told: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)  # small forms of one verb, which the browser itself does not let go
    faults: list[str] = field(default_factory=list)


def try_forms(seen: Visitor, path: str, route: str, sent: Sent) -> None:
    """Send every form of a page spoilt: first with nonsense, then empty."""
    seen.open(path)
    for at in range(seen.page.locator(FORMS).count()):
        for words in (NONSENSE, ""):
            seen.open(path)
            form = seen.page.locator(FORMS).nth(at)
            if seen.status >= 400 or not form.count():
                break  # the form before has changed the case
            where = f"{path} form {at} {'with nonsense' if words else 'empty'} {seen.language}"
            try:
                if not send(seen, form, words):
                    sent.held.add(route)
                    continue
            except TimeoutError as error:
                sent.faults.append(f"{where}: {error}")
                continue
            judge(seen, route, where, words, sent)


def send(seen: Visitor, form: Any, words: str) -> bool:
    """Fill, send as pressing the button would, and wait for the answer; False where the browser refuses to send."""
    form.evaluate(SPOIL, words)
    if not form.evaluate("form => form.noValidate || form.checkValidity()"):
        return False
    seen._mark()
    form.evaluate(SEND)
    seen._wait()
    return True


def judge(seen: Visitor, route: str, where: str, words: str, sent: Sent) -> None:
    """Note whether an error was told, and how well."""
    if seen.status >= 500:
        sent.faults.append(f"{where}: {seen.status}")
    if not seen.has(".ip-errsum"):
        sent.taken.add(route)
        return
    sent.told.add(route)
    seen.look()
    sent.faults += [f"{where}: {fault}" for fault in [*seen.page.evaluate(UNTOLD), *faults_of(seen)]]
    kept = seen.page.locator(FORMS, has=seen.page.locator(".ip-errsum"))
    if words and kept.count():
        lost = {name for name, value in kept.first.evaluate(TYPED).items() if value != words}
        sent.faults += [f"{where}: lost what was typed in {name}" for name in lost]
