"""Build the two generated files of static/: css/portal.css and img/icons.svg.

The parts stay readable and separate; a browser fetches one style sheet and one sprite. Both results are
committed, so nothing has to be built to run the portal; a test compares them with their parts.
"""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

HEADER = "/* Generated from css/parts by manage.py build_static. Edit the parts. */\n"


def style_sheet(css: Path) -> str:
    """Return the one style sheet made of `css/parts/*.css` in the order of their names."""
    return HEADER + "".join(
        f"\n/* {part.name} */\n{part.read_text()}" for part in sorted((css / "parts").glob("*.css"))
    )


def icon_names(names: Path) -> list[str]:
    """Return the icon names listed in a text file, comments and blank lines left out."""
    return [line.strip() for line in names.read_text().splitlines() if line.strip() and not line.startswith("#")]


def sprite(names: list[str], outline: Path) -> str:
    """Return an SVG sprite with one `<symbol id="i-name">` per name, read from a folder of Tabler outline icons."""
    symbols = []
    for name in names:
        drawing = re.sub(r"<!--.*?-->|</?svg[^>]*>", "", (outline / f"{name}.svg").read_text(), flags=re.S)
        paths = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", drawing)
        paths = re.sub(r">\s+<", "><", paths.strip())
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{paths}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


class Command(BaseCommand):
    help = "Rebuild static/css/portal.css, and with --icons also static/img/icons.svg."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--icons", type=Path, help="folder icons/outline of the pinned @tabler/icons package")

    def handle(self, *args: Any, **options: Any) -> None:
        static = Path(settings.BASE_DIR) / "static"
        (static / "css" / "portal.css").write_text(style_sheet(static / "css"))
        if outline := options["icons"]:
            names = icon_names(static / "img" / "icons.txt")
            if missing := [name for name in names if not (outline / f"{name}.svg").exists()]:
                raise CommandError(f"no such icon: {', '.join(missing)}")
            (static / "img" / "icons.svg").write_text(sprite(names, outline))
