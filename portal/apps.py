"""The shared app: people, questionnaires, procedures, deadlines, notices, files, audit."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    default = True
    name = "portal"
    verbose_name = _("门户")

    def ready(self) -> None:
        from portal import demo_workbench, programme_rules, programmes, report_kinds
        from portal.organisations import reminding
        from portal.procedures import reminders

        demo_workbench.register()
        reminders.register()
        reminding.register()
        report_kinds.register()
        programme_rules.register()
        programmes.register()


class StaticConfig(StaticFilesConfig):
    """Django's own, without the parts that portal.css is built from: they are sources, not pages' files."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "parts"]
