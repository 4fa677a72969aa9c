"""Forms of people and organisations: registering, joining, members, verification, offices."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from portal import clock, organisations, registry, uscc
from portal.models import District, Office, OfficeRole, Role, User
from portal.organisations.joining import GIVEN_BY_OWNER

PLEASE_CHOOSE = _("请选择")


class DistrictField(forms.ModelChoiceField):
    """The 16 districts; nothing is chosen for the person without showing it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(District.objects.all(), empty_label=PLEASE_CHOOSE, **kwargs)


class LicenceForm(forms.Form):
    """Step 1 of registering: what stands on the business licence."""

    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=60)
    name = forms.CharField(
        label=_("企业名称"), max_length=200, help_text=_("与营业执照完全一致。"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    address = forms.CharField(label=_("住所"), max_length=400, help_text=_("营业执照上的住所。"))
    registered_on = forms.DateField(
        label=_("成立日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("有的申报要求成立满三年。"),
    )  # fmt: skip
    district = DistrictField(
        label=_("所在区"),
        help_text=_("代码只能推测登记地，企业迁移后代码不变。请按实际住所确认，由该区受理您的办件。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get("district"):
            # The page's script suggests a district from the code; it must not undo what a person chose.
            self.fields["district"].widget.attrs["data-chosen"] = "1"

    def clean_uscc(self) -> str:
        try:
            return uscc.validate(self.cleaned_data["uscc"])
        except uscc.InvalidCode as error:
            raise forms.ValidationError(registry.code_sentence(error)) from error

    def clean_registered_on(self) -> Any:
        day = self.cleaned_data["registered_on"]
        if day > clock.today():
            raise forms.ValidationError(_("成立日期不能晚于今天。"))
        return day


class ContactForm(SignupForm):
    """Step 2 of registering: the person."""

    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("电话"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    field_order = ["name", "phone", "email", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"email": _("电子邮箱"), "password1": _("密码"), "password2": _("再输一次密码")}
        for key, label in words.items():
            self.fields[key].label = label
            self.fields[key].widget.attrs.pop("placeholder", None)
        self.fields["email"].help_text = _("用来登录和接收通知。我们会发一封确认邮件。")
        self.fields["password1"].help_text = _("至少 10 个字符，不要用常见密码。")

    def signup(self, request: Any, user: User) -> None:
        """Keep the enterprise's facts until the address is confirmed."""
        held = dict(request.session.get("registration") or {})
        if held:
            district = District.objects.filter(pk=held.pop("district", None)).first()
            code = held.pop("uscc")
            organisations.hold(code=code, by=user, district=district, **held)
            request.session.pop("registration", None)


class JoinForm(forms.Form):
    """Ask to join by the code."""

    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=60)
    message = forms.CharField(
        label=_("给负责人的话"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明您是谁、做什么工作，对方据此判断。"),
    )  # fmt: skip
    asks_district = forms.BooleanField(label=_("原负责人已离职或联系不上，请所在区核实处理"), required=False)
    clean_uscc = LicenceForm.clean_uscc


class AnswerForm(forms.Form):
    """Accept a request with a role."""

    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)


class ReasonForm(forms.Form):
    """A reason that the other side will read."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class InviteMemberForm(forms.Form):
    """Invite a colleague."""

    email = forms.EmailField(label=_("电子邮箱"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("姓名"), max_length=60, required=False)
    role = forms.ChoiceField(
        label=_("角色"),
        choices=[(role.value, role.label) for role in GIVEN_BY_OWNER],
        initial=Role.MEMBER,
        widget=forms.RadioSelect,
    )


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("角色"), choices=[(role.value, role.label) for role in GIVEN_BY_OWNER])


class LicenceUploadForm(forms.Form):
    """The business licence as a file, or the wish to go by the registry."""

    licence = forms.FileField(
        label=_("营业执照"), required=False, help_text=_("PDF、JPG 或 PNG，不超过 20 MB，四角完整、文字清楚。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )  # fmt: skip


class MoveForm(forms.Form):
    """Change of district."""

    district = DistrictField(label=_("新的所在区"))
    address = forms.CharField(label=_("新住所"), max_length=400, help_text=_("与变更后的营业执照一致。"))
    reason = forms.CharField(label=_("原因"), max_length=300, required=False)


class OfficeForm(forms.ModelForm):
    """How an office is called and reached."""

    class Meta:
        model = Office
        fields = ["name_zh", "name_en", "phone", "address"]


class InviteOfficialForm(forms.Form):
    """Invite an official into an office."""

    email = forms.EmailField(label=_("电子邮箱"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("姓名"), max_length=60, required=False)
    role = forms.ChoiceField(label=_("角色"), choices=OfficeRole.choices)


class PostForm(forms.Form):
    """A role in an office for somebody with an account."""

    office = forms.ModelChoiceField(
        Office.objects.select_related("district"), label=_("办公室"), empty_label=PLEASE_CHOOSE
    )
    role = forms.ChoiceField(label=_("角色"), choices=OfficeRole.choices)


class InviteExpertForm(forms.Form):
    """Invite somebody into the expert pool."""

    email = forms.EmailField(label=_("电子邮箱"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("姓名"), max_length=60, required=False)


class ExpertForm(forms.Form):
    """What the pool says of an expert; the employer's code keeps experts away from their own employer's cases."""

    employer = forms.CharField(label=_("工作单位"), max_length=120, required=False)
    employer_uscc = forms.CharField(label=_("工作单位信用代码"), max_length=60, required=False)
    fields_ = forms.CharField(label=_("领域"), max_length=200, required=False)

    def clean_employer_uscc(self) -> str:
        text = self.cleaned_data["employer_uscc"]
        if not text:
            return ""
        try:
            return uscc.validate(text)
        except uscc.InvalidCode as error:
            raise forms.ValidationError(registry.code_sentence(error)) from error


class AccountForInvitationForm(forms.Form):
    """Name and password of an invited person without an account."""

    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("密码"), help_text=_("至少 10 个字符，不要用常见密码。"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        person = User(email=self.email, name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, person)
        return str(password)
