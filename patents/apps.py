"""Workstream 2: creation and the register of rights."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatentsConfig(AppConfig):
    name = "patents"
    label = "patents"
    verbose_name = _("创造与台账")

    def ready(self) -> None:
        from patents import demo, entrusting, evidence, finding, measuring, programme_rules, rule_checks
        from patents.dates import registering
        from patents.reports import money, register
        from patents.views.register import home
        from portal import handing_over, rule_changes

        demo.register()
        evidence.register()
        finding.register()
        home.register()
        measuring.register_all()
        money.register()
        register.register()
        handing_over.register_farewell(entrusting.tell_owner)
        registering.register()
        programme_rules.register()
        rule_changes.register_check(rule_checks.check_period)
