"""Workstream 4: protection."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtectionConfig(AppConfig):
    name = "services.protection"
    label = "protection"
    verbose_name = _("保护")

    def ready(self) -> None:
        from portal import notifications, rule_files
        from services.protection import demo, evidence, finding, loading, measuring, reach, reasons
        from services.protection.disputes import demo as disputes_demo
        from services.protection.disputes import registering

        notifications.register_words("reasons", reasons.sentence)
        reach.register()
        rule_files.register_loader(loading.load)
        finding.register()
        evidence.register()
        measuring.register_all()
        registering.register()
        demo.register()
        disputes_demo.register()
