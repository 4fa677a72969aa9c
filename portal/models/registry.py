"""The business registry as loaded from a file: what registration offers to prefill."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

USCC_SHAPE = r"^[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}$"  # the check digit is left to portal.uscc


class RegistryRecord(models.Model):
    """One enterprise as its registry row says. It is a suggestion: an Organisation is never made from it alone."""

    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    name = models.CharField(_("名称"), max_length=200)
    name_key = models.CharField(_("名称索引"), max_length=200)
    registered_on = models.DateField(_("注册日期"), null=True)
    company_type = models.CharField(_("企业类型"), max_length=100, blank=True)
    capital_text = models.CharField(_("注册资金原文"), max_length=60, blank=True)
    capital_wan = models.DecimalField(_("注册资金（万）"), max_digits=18, decimal_places=6, null=True)
    currency = models.CharField(_("币种"), max_length=3, blank=True)
    scope = models.TextField(_("经营范围"), blank=True)
    district_text = models.CharField(_("地区原文"), max_length=30, blank=True)
    division_code = models.CharField(_("代码中的区划"), max_length=6)
    district = models.ForeignKey(
        "portal.District", verbose_name=_("推测的区"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    address = models.CharField(_("注册地址"), max_length=300, blank=True)
    source = models.CharField(_("来源文件"), max_length=200)
    loaded_at = models.DateTimeField(_("装入时间"))
    row_hash = models.CharField(_("行摘要"), max_length=32)

    class Meta:
        verbose_name = _("工商登记记录")
        verbose_name_plural = _("工商登记记录")
        indexes = [models.Index(fields=["name_key"], name="registry_name_key")]
        constraints = [
            models.CheckConstraint(
                condition=Q(uscc__regex=r"^[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}$"), name="registry_uscc_shape"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uscc} {self.name}"
