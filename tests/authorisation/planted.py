"""A tiny portal with planted faults, so that the matrix itself is seen red."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import include, path

from portal import audit
from portal.errors import Denied
from portal.models import Answer, Application, Organisation


@login_required
def sound(request: HttpRequest, number: str) -> HttpResponse:
    """What it should be: somebody else's is absent."""
    return HttpResponse(get_object_or_404(Application.objects.visible_to(request.user), number=number).status)


@login_required
def unscoped(request: HttpRequest, number: str) -> HttpResponse:
    """Planted: a view without visible_to."""
    found = get_object_or_404(Application, number=number)
    return HttpResponse("".join(str(answer.value) for answer in Answer.objects.filter(application=found)))


@login_required
def telling(request: HttpRequest, number: str) -> HttpResponse:
    """Planted: 403 where 404 is due tells that the number exists."""
    found = get_object_or_404(Application, number=number)
    if not Application.objects.visible_to(request.user).filter(pk=found.pk).exists():
        raise Denied("不是您的。")
    return HttpResponse(found.status)


@login_required
def wordy(request: HttpRequest, number: str) -> HttpResponse:
    """Planted: the right status, but what is not theirs reads otherwise than what there is not."""
    if Application.objects.visible_to(request.user).filter(number=number).exists():
        return HttpResponse("ok")
    known = Application.objects.filter(number=number).exists()
    return HttpResponse("not yours" if known else "not there", status=404)


@login_required
def counting(request: HttpRequest) -> HttpResponse:
    """Planted: the rows are scoped, their count is not."""
    return HttpResponse(f"{Application.objects.count()}")


@login_required
def heading(request: HttpRequest) -> HttpResponse:
    """Planted: a foreign name in a header."""
    response = HttpResponse("ok")
    response["X-Last"] = Organisation.objects.latest("pk").uscc
    return response


def open_door(request: HttpRequest, number: str) -> HttpResponse:
    """Planted: nobody asks who it is."""
    return HttpResponse(get_object_or_404(Application, number=number).status)


@login_required
def meddling(request: HttpRequest, number: str) -> HttpResponse:
    """Planted: refused, and yet done."""
    found: Any = get_object_or_404(Application, number=number)
    audit.record(found, "application.withdrawn", by=request.user)
    raise Denied("不行。")


def _case(name: str, view: Any) -> Any:
    return path(f"planted/<str:number>/{name}/", view, name=name)


urlpatterns = [
    _case("sound", sound),
    _case("unscoped", unscoped),
    _case("telling", telling),
    _case("wordy", wordy),
    _case("open-door", open_door),
    _case("meddling", meddling),
    path("planted/counting/", counting, name="counting"),
    path("planted/heading/", heading, name="heading"),
    path("", include("portal.urls")),
]
