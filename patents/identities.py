"""What makes a right the same right within an enterprise, from whatever numbers are known of it. Pure.

A Chinese application is known by its application number; where a source has none (Google Patents), by the publication
number without its kind code, which stays the same from publication to grant. `keys()` gives all names of one right.
"""

from __future__ import annotations

import re
import unicodedata

from patents import numbers

PATENTS = ("invention", "utility_model", "design")
SEPARATORS = re.compile(r"[\s\-_/.,，．、()（）\[\]第号]+")
PUBLICATION = re.compile(r"^([A-Z]{2})((?:WO)?[A-Z]{0,2}\d{4,13})([A-Z]\d?)?$")
PCT = re.compile(r"^PCT([A-Z]{2})(\d{4}|\d{2})(\d{5,6})$")
FIRST_PCT_YEAR = 78
PLAIN = re.compile(r"^[0-9]{12}\.[0-9X]\Z")  # as `patents.numbers` writes it
UNCHECKED = (8, 12)  # digits of an application number written without its check digit
LENGTH = 60


def compact(text: str) -> str:
    """Return a number half width, upper case, without blanks and separators."""
    if text and text.isascii() and text.isalnum():
        return text.upper()
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text or "")).upper()


def application(text: str, country: str = "CN") -> str:
    """Return the application number as one key: 2017106018623 for every spelling, with or without its check digit."""
    if country == "CN":
        if PLAIN.match(text):
            return text.replace(".", "")
        bare = compact(numbers.normalise(text))
        is_without_check = len(bare) in UNCHECKED and bare.isascii() and bare.isdecimal()
        return bare + numbers.check_digit(bare) if is_without_check else bare
    return compact(text).removeprefix(country)


def international(text: str) -> str:
    """Return an international number; the short form PCT/CN98/00123 is made long."""
    bare = compact(text)
    found = PCT.match(bare)
    if not found:
        return bare
    office, year, serial = found.groups()
    if len(year) == 2:
        year = f"19{year}" if int(year) >= FIRST_PCT_YEAR else f"20{year}"
    return f"PCT{office}{year}{serial.zfill(6)}"


def publication(text: str) -> str:
    """Return country and digits of a publication number without its kind code: CN114789993 for CN-114789993-B."""
    found = PUBLICATION.match(compact(text))
    return f"{found[1]}{found[2]}" if found else compact(text)


def keys(
    *,
    kind: str,
    country: str = "CN",
    application_number: str = "",
    publication_number: str = "",
    registration_number: str = "",
    international_number: str = "",
    title: str = "",
) -> list[str]:
    """Return every name of the right, the strongest first; an empty list where it has no number.

    A domain name is its own number. A trade secret has none.
    """
    if kind == "trade_secret":
        return []
    if kind == "domain":
        name = (title or registration_number).strip().rstrip(".").lower()
        return [f"domain:{name}"[:LENGTH]] if name else []
    family = "patent" if kind in (*PATENTS, "foreign_patent") else kind
    found = []
    if application_number:
        found.append(f"{family}:a:{country}{application(application_number, country)}")
    if registration_number:
        found.append(f"{family}:r:{country}{compact(registration_number)}")
    if publication_number:
        found.append(f"{family}:p:{publication(publication_number)}")
    if international_number:
        found.append(f"{family}:i:{country}{international(international_number)}")
    return [key[:LENGTH] for key in found]


def identity(**known: str) -> str:
    """Return the strongest name, or an empty text where the right has no number: see `keys`."""
    return next(iter(keys(**known)), "")
