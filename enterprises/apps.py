"""Workstream 1: management systems of enterprises."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    label = "enterprises"
    verbose_name = _("企业管理")

    def ready(self) -> None:
        """Tell the portal which kinds of application this workstream brings, and what it knows beside the answers."""
        from enterprises import evidence, kinds, programme_rules
        from enterprises.demo import programmes
        from portal import demo

        kinds.register()
        evidence.register()
        programme_rules.register()
        demo.register_step(programmes.seed)
