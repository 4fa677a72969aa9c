"""Reads the environment for settings.py; collects everything that is missing or unsafe and says what to set."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class Environment:
    """Values by name. Problems are gathered, so that one start names all of them; `finish()` raises."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.problems: list[str] = []

    def has(self, *names: str) -> bool:
        """Is any of these set?"""
        return any(self.values.get(name, "").strip() for name in names)

    def text(self, name: str, default: str | None = None, *, example: str = "") -> str:
        """Return the value; without a default it must be set."""
        value = self.values.get(name, "").strip()
        if value:
            return value
        if default is None:
            self.refuse(f"Set {name}" + (f", for example {name}={example}" if example else "") + ".")
        return default or ""

    def flag(self, name: str, default: bool = False) -> bool:
        """Return yes or no."""
        value = self.values.get(name, "").strip().lower()
        if value not in TRUE | FALSE:
            self.refuse(f"Set {name} to yes or no; it is {value!r}.")
        return value in TRUE if value else default

    def number(self, name: str, default: int) -> int:
        """Return a whole number that is not negative."""
        value = self.values.get(name, "").strip()
        if value and not value.isdecimal():
            self.refuse(f"Set {name} to a whole number; it is {value!r}.")
            return default
        return int(value) if value else default

    def words(self, name: str, default: tuple[str, ...] | None = None, *, example: str = "") -> list[str]:
        """Return the values between commas."""
        return [word.strip() for word in self.text(name, ",".join(default) if default is not None else None,
                                                   example=example).split(",") if word.strip()]  # fmt: skip

    def refuse(self, sentence: str) -> None:
        """Note a reason not to start."""
        self.problems.append(sentence)

    def finish(self) -> None:
        """Raise ImproperlyConfigured when anything was missing or unsafe."""
        if self.problems:
            raise ImproperlyConfigured("The portal does not start:\n- " + "\n- ".join(self.problems))
