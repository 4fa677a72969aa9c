"""axe-core and HTML_CodeSniffer over the page as it stands: each misses what the other finds."""

from __future__ import annotations

from pathlib import Path

from .driver import Visitor

VENDOR = Path(__file__).parents[1] / "vendor"
AXE = (VENDOR / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
SNIFFER = (VENDOR / "html_codesniffer" / "HTMLCS.js").read_text(encoding="utf-8")
RUN_AXE = """async left => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const where = { include: [document], exclude: left ? [left] : [] };
  const told = await axe.run(where, { runOnly: tags, resultTypes: ['violations'] });
  const why = node => node.any.concat(node.all).map(one => one.message).join(' ').slice(0, 160);
  return { passes: told.passes.length, faults: told.violations.flatMap(
    rule => rule.nodes.map(node => `axe ${rule.id}: ${node.target.join(' ')} ${why(node)}`)) };
}"""
RUN_SNIFFER = """left => new Promise(done => {
  HTMLCS.process('WCAG2AA', document, () => done(HTMLCS.getMessages().filter(
    found => found.type === 1 && !(left && found.element.closest?.(left))).map(
    found => `sniffer ${found.code.replace('WCAG2AA.', '')}: ${(found.element.outerHTML || '').slice(0, 160)}`)));
})"""


def faults_of(seen: Visitor, *, left_out: str = "") -> list[str]:
    """Return what is wrong with the page before the visitor (who must ignore the policy on scripts).

    `left_out` is a selector of what somebody else has made.
    """
    page = seen.page
    page.evaluate(AXE)
    told = page.evaluate(RUN_AXE, left_out)
    assert told["passes"] > 0, "axe looked at nothing"
    page.evaluate(SNIFFER)
    return [*told["faults"], *page.evaluate(RUN_SNIFFER, left_out)]
