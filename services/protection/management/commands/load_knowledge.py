"""manage.py load_knowledge: countries, changes of law and sample cases that ship with the portal."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from portal.rule_files import Verb
from services.protection import loading


class Command(BaseCommand):
    help = "Load countries, changes of law and sample cases; a second run changes nothing, edited rows stay."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = Counter(change.verb for change in loading.load())
        if options["verbosity"]:
            self.stdout.write(f"+ {counts[Verb.CREATED]}  = {counts[Verb.UNCHANGED]}")
