"""Workstream 5: public service."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicConfig(AppConfig):
    name = "services.public"
    label = "public"
    verbose_name = _("公共服务")
