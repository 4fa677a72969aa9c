"""Addresses of the account pages: settings, hats, inbox, tokens, and the demo's sign-in."""

from django.urls import path, re_path

from portal.views.account import account, calendars, demo, inbox, tokens

urlpatterns = [
    path("account/", account.Account.as_view(), name="account"),
    path("account/hats/", account.Hats.as_view(), name="hats"),
    path("account/hat/", account.WearHat.as_view(), name="hat-wear"),
    path("account/tokens/", tokens.TokenList.as_view(), name="token-list"),
    path("account/tokens/<str:number>/revoke/", tokens.RevokeToken.as_view(), name="token-revoke"),
    path("account/calendars/", calendars.FeedList.as_view(), name="calendar-list"),
    path("account/calendars/<str:number>/revoke/", calendars.RevokeFeed.as_view(), name="calendar-revoke"),
    path("calendar/<str:token>.ics", calendars.Feed.as_view(), name="calendar-feed"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/read-all/", inbox.ReadAll.as_view(), name="inbox-read-all"),
    path("inbox/<str:number>/", inbox.OpenNotification.as_view(), name="notification"),
    path("inbox/<str:number>/read/", inbox.ReadNotification.as_view(), name="notification-read"),
    # Without the slash as well: a redirect to the slash would give the route away where it is shut.
    re_path(r"^demo/sign-in/(?P<token>[^/]+)/?$", demo.DemoSignIn.as_view(), name="demo-sign-in"),
]
