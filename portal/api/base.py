"""What every resource shares: language, keyed writes, scoping by `visible_to`, reading a body."""

from __future__ import annotations

import json
from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from portal import idempotency
from portal.api.authentication import TokenScope
from portal.api.errors import Explained, flat
from portal.api.throttles import Calculator, Person
from portal.errors import Denied
from portal.idempotency import Outcome
from portal.models import User
from portal.permissions import Permission
from portal.views.office.access import holds

NUMBER = "[0-9A-Za-z_-]{1,24}"  # public numbers: letters, digits, hyphens


class Resource(GenericViewSet[Any]):
    """A noun of the API. `page_order` orders its lists; verbs are POST sub-routes that call one action each."""

    lookup_field = "number"
    lookup_value_regex = NUMBER
    page_order: tuple[str, ...] = ("-id",)
    door: tuple[Permission, ...] = ()  # one of these in some office is needed to come in at all
    detail_serializer_class: type[Serializer[Any]] | None = None
    metadata_class = None  # OPTIONS: 405; what there is stands in the schema

    @property
    def me(self) -> User:
        """The person who asks; only where the permission classes let nobody else in."""
        return cast(User, self.request.user)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check who and how often, speak the person's language, and arm the idempotency key of a POST."""
        saved = getattr(request.user, "language", "")
        if saved in dict(settings.LANGUAGES):
            translation.activate(saved)
        super().initial(request, *args, **kwargs)
        if self.door and not any(holds(request.user, wanted) for wanted in self.door):
            raise Denied(self.door[0].value)
        if request.method == "POST" and idempotency.HEADER in request.headers and request.user.is_authenticated:
            self._keep_once(request)

    def _keep_once(self, request: Request) -> None:
        """Replace this request's handler by one that runs once per person and key."""
        handler = getattr(self, "post")  # noqa: B009 - the router binds it per instance
        key = request.headers[idempotency.HEADER]

        def once(request: Request, *args: Any, **kwargs: Any) -> Response:
            def perform() -> Outcome:
                response = handler(request, *args, **kwargs)
                return Outcome(response.status_code, body=json.loads(JSONRenderer().render(response.data) or b"null"))

            digest = idempotency.fingerprint(request.path, _fields(request))
            outcome = idempotency.once(self.me, key, path=request.path, digest=digest, perform=perform)
            headers = {"Idempotency-Replayed": "true"} if outcome.is_replay else None
            return Response(outcome.body, status=outcome.status, headers=headers)

        setattr(self, "post", once)  # noqa: B010

    def given(self, serializer_class: type[Serializer[Any]], **context: Any) -> dict[str, Any]:
        """Return the checked body of this request; raises ValidationError."""
        serializer = serializer_class(data=self.request.data, context={**self.get_serializer_context(), **context})
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def asked(self, serializer_class: type[Serializer[Any]]) -> dict[str, Any]:
        """Return the checked query parameters; raises ValidationError."""
        serializer = serializer_class(data=self.request.query_params, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def page(self, rows: QuerySet[Any], serializer_class: type[Serializer[Any]]) -> Response:
        """Return one keyset page of rows."""
        found = self.paginate_queryset(rows)
        return self.get_paginated_response(self.shown(found, serializer_class, many=True))

    def shown(self, rows: Any, serializer_class: type[Serializer[Any]], *, many: bool = False) -> Any:
        """Return what a serializer says of a row or rows."""
        return serializer_class(rows, many=many, context=self.get_serializer_context()).data


class SignedIn(Resource):
    """A resource for people who are signed in."""

    permission_classes = [IsAuthenticated, TokenScope]


class Public(Resource):
    """A resource anybody may read."""

    permission_classes = [AllowAny, TokenScope]


class Bilingual(Public):
    """Tools for everyone: what is wrong with an input is said in every language at once."""

    permission_classes = [AllowAny]
    throttle_classes = [Calculator, Person]
    pagination_class = None
    filter_backends = ()

    def given(self, serializer_class: type[Serializer[Any]], **context: Any) -> dict[str, Any]:
        """Return the checked body; raises Explained."""
        return self._explained(serializer_class, self.request.data, context)

    def asked(self, serializer_class: type[Serializer[Any]], **context: Any) -> dict[str, Any]:
        """Return the checked query parameters; raises Explained."""
        return self._explained(serializer_class, self.request.query_params, context)

    def _explained(self, serializer_class: type[Serializer[Any]], data: Any, context: dict[str, Any]) -> dict[str, Any]:
        def check() -> Serializer[Any]:
            found = serializer_class(data=data, context={**self.get_serializer_context(), **context})
            found.is_valid()
            return found

        checked = check()
        if checked.errors:
            languages = {}
            for language, _name in settings.LANGUAGES:
                with translation.override(language):
                    languages[language] = flat(check().errors)
            raise Explained(checked.errors, languages)
        return dict(checked.validated_data)


def _fields(request: Request) -> list[tuple[str, Any]]:
    """Return the body as (name, value) pairs, whatever way it was sent."""
    data = request.data
    if hasattr(data, "getlist"):
        return [(name, _together(data.getlist(name))) for name in data]
    return [("", data)]


def _together(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
