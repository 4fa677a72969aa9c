"""Print a fresh personal token of a person, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import tokens
from portal.errors import RuleBroken
from portal.models import User


class Command(BaseCommand):
    help = "Print a fresh API token for EMAIL. It is shown this once; only its hash is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--label", default="api_token")
        parser.add_argument("--scopes", nargs="+", choices=tokens.SCOPES, default=list(tokens.SCOPES))
        parser.add_argument("--days", type=int, default=tokens.DEFAULT_DAYS)

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if user is None:
            raise CommandError(f"No active person has the e-mail address {options['email']}.")
        try:
            _row, raw = tokens.create(user, label=options["label"], scopes=options["scopes"], days=options["days"])
        except RuleBroken as broken:
            raise CommandError(str(broken)) from broken
        self.stdout.write(raw)
