"""The shared app: people, questionnaires, procedures, deadlines, notices, files, audit."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    default = True
    name = "portal"
    verbose_name = _("门户")

    def ready(self) -> None:
        from portal import (
            demo,
            demo_coordination,
            demo_workbench,
            figure_kinds,
            figure_reports,
            programme_rules,
            programmes,
            report_kinds,
        )
        from portal.organisations import reminding
        from portal.procedures import reminders

        demo_workbench.register()
        reminders.register()
        reminding.register()
        report_kinds.register()
        programme_rules.register()
        programmes.register()
        figure_kinds.register_all()
        figure_reports.register()
        demo.register_step(demo_coordination.play)


class StaticConfig(StaticFilesConfig):
    """Django's own, without the parts that portal.css is built from: they are sources, not pages' files."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "parts"]
