"""Why the conflict gate is shut, in the words that page, plan and refusal share."""

from django.utils.translation import gettext_lazy as _

MEMBER = _("您是这家企业的成员，不能办理它的办件。")
DECLARED = _("您已声明与这家企业有利益关系，不能查看或办理。")
UNDECLARED = _("请先声明与这家企业有无利益关系，再查看内容。")
APART = _("您已办理过本件的其他阶段。核验、推荐、评分和决定须由不同的人完成。")
