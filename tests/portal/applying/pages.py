"""What the tests of the applicant's pages share."""

import re
from html import unescape

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def hidden(html: str) -> dict[str, str]:
    """Return the hidden fields of a page, as a browser would send them back."""
    return {name: unescape(value) for name, value in HIDDEN.findall(html) if name != "csrfmiddlewaretoken"}


def text_of(response) -> str:
    """Return the page inside <main> without tags, blanks folded."""
    main = response.content.decode().split("<main", 1)[-1].split("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))
