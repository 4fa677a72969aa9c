"""The words of a questionnaire's parts: types of questions, operators of conditions, what was done to a draft."""

from django.utils.translation import gettext_lazy as _

TYPES = {
    "text": _("一行文字"),
    "textarea": _("多行文字"),
    "integer": _("整数"),
    "decimal": _("小数"),
    "money": _("金额（元）"),
    "date": _("日期"),
    "yesno": _("是或否"),
    "choice": _("单选"),
    "multichoice": _("多选"),
    "file": _("上传文件（佐证）"),
}
OPERATORS = {
    "in": _("选了其中之一"),
    "gte": _("数字不小于"),
    "answered": _("已经填写"),
}
VERBS = {
    "add_section": _("新增章节"),
    "change_section": _("修改章节"),
    "move_section": _("移动章节"),
    "delete_section": _("删除章节"),
    "add_question": _("新增问题"),
    "change_question": _("修改问题"),
    "move_question": _("移动问题"),
    "copy_question": _("复制问题"),
    "delete_question": _("删除问题"),
    "rename": _("修改标题"),
    "undo": _("撤销修改"),
}
