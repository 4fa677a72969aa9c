"""Stored files: never overwritten, quarantined until checked."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clock import now

from .people import Organisation, User, public_token, standing_of
from .procedures import Application
from .secrecy import Secrecy, may_know


class Refusal(models.TextChoices):
    """Why a file is not taken. The value is the code that `portal.files_inspection` gives."""

    EMPTY = "empty", _("文件是空的（0 字节）。请重新选择文件。")
    TOO_LARGE = "too_large", _("文件超过 20 MB。请压缩或拆分后再上传。")
    WRONG_TYPE = "wrong_type", _("只接受 PDF、JPG、PNG、DOCX 和 XLSX 文件；这个文件的内容不是其中任何一种。")
    TRUNCATED = "truncated", _("文件不完整或已损坏，无法打开。请重新导出后再上传。")
    POLYGLOT = "polyglot", _("文件里夹带了另一种格式的内容。请用原软件另存一份后再上传。")
    ENCRYPTED = "encrypted", _("文件有密码保护，无法检查。请去掉密码后再上传。")
    SCRIPT = "script", _("PDF 里有脚本、自动动作或内嵌文件。请“打印为 PDF”后再上传。")
    MACRO = "macro", _("文件里有宏、控件或内嵌程序。请另存为不带宏的文件后再上传。")
    EXTERNAL = "external", _("文件引用了外部模板、图片或数据。请把它们改为嵌入后再上传。")
    ENTITY = "entity", _("文件里的 XML 带有文档类型或实体声明，不能接受。请用原软件另存一份后再上传。")
    BOMB = "bomb", _("文件解压后过大。请删减内容后再上传。")
    PATH = "path", _("文件包内有不合规的路径。请用原软件另存一份后再上传。")
    PIXELS = "pixels", _("图片的像素过多。请缩小后再上传。")
    VIRUS = "virus", _("杀毒检查没有通过。请检查您的电脑后再上传。")
    UNREADABLE = "unreadable", _("多次检查都没有完成。请另存一份后再上传，或改用 PDF。")


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Files and who may know of them. Opening one goes through `portal.files.open_for`."""

    def visible_to(self, user: Any) -> StoredFileQuerySet:
        """Limit to: public files; of visible cases; of own, mandated or supervised enterprises; one's own."""
        seen = Q(public_at__isnull=False)
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.filter(seen)
        standing = standing_of(user)
        seen |= Q(application=None, organisation=None, created_by=user)
        if standing.is_city:
            seen |= Q(is_for_city=True)
        seen |= Q(application__in=Application.objects.visible_to(user))
        if standing.roles or standing.is_official:
            kept = Q(application=None, organisation__isnull=False)
            seen |= kept & may_know(user, agency="agency", is_case_work=True)
        return self.filter(seen)

    def quarantined(self) -> StoredFileQuerySet:
        return self.filter(status=StoredFile.Status.QUARANTINED)

    def due_for_inspection(self) -> StoredFileQuerySet:
        return self.quarantined().filter(inspect_after__lte=now()).order_by("inspect_after", "pk")


class StoredFile(models.Model):
    """One version of one file. `series` ties the versions of the same slot; the bytes lie under `key`."""

    class Status(models.TextChoices):
        QUARANTINED = "quarantined", _("检查中")
        CLEAN = "clean", _("已通过安全检查")
        REFUSED = "refused", _("未通过安全检查")

    number = models.CharField(_("编号"), max_length=10, unique=True, default=public_token)
    series = models.UUIDField(_("系列"), default=uuid.uuid4)
    version = models.PositiveIntegerField(_("版本"), default=1)
    key = models.CharField(_("存储名"), max_length=80, unique=True)
    name = models.CharField(_("原文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("字节数"))
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(_("识别的类型"), max_length=100)
    status = models.CharField(_("状态"), max_length=12, choices=Status.choices, default=Status.QUARANTINED)
    refusal = models.CharField(_("未通过的原因"), max_length=200, blank=True)
    inspection_attempts = models.PositiveSmallIntegerField(_("已检查次数"), default=0)
    inspect_after = models.DateTimeField(_("下次检查"), default=now)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("单位")
    )
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("办件")
    )
    slot = models.CharField(_("用途"), max_length=80, blank=True)
    secrecy = models.CharField(_("可见范围"), max_length=8, choices=Secrecy.choices, default=Secrecy.OPEN)
    readers = ArrayField(models.BigIntegerField(), verbose_name=_("指定人员"), default=list, blank=True)
    agency = models.ForeignKey(  # mandated with what the file is about: reads it unless it is for named persons
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("受托机构")
    )
    is_for_city = models.BooleanField(_("市级办公室可见"), default=False)  # nobody's but the city's: its drafts
    public_at = models.DateTimeField(_("公开时间"), null=True, blank=True)  # everybody's from then on
    created_at = models.DateTimeField(_("上传时间"), default=now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("上传人"))

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="file_version_once"),
            models.CheckConstraint(
                condition=Q(public_at=None) | Q(status="clean", organisation=None, application=None),
                name="file_public_is_clean_and_nobodys",
            ),
        ]
        indexes = [
            models.Index(fields=["application", "slot", "-version"], name="file_application_slot_idx"),
            models.Index(
                fields=["slot", "-created_at"],
                condition=Q(organisation__isnull=False, application=None),
                name="file_organisation_slot_idx",
            ),
            models.Index(fields=["inspect_after"], condition=Q(status="quarantined"), name="file_inspection_idx"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def refusal_text(self) -> str:
        """The refusal as a sentence in the reader's language; empty where the file is not refused."""
        known = self.refusal in Refusal.values
        return str(Refusal(self.refusal).label) if known else self.refusal

    @property
    def suffix(self) -> str:
        """The type as people know it: PDF, DOCX."""
        return self.name.rpartition(".")[2].upper()

    @property
    def kind(self) -> str:
        """pdf, image, sheet or other, as `components/files.html` names them."""
        if self.media_type.startswith("image/"):
            return "image"
        return {"application/pdf": "pdf"}.get(self.media_type, "sheet" if "spreadsheet" in self.media_type else "other")
