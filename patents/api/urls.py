"""Addresses of the patents workstream under /api/v1/, before the catch-all of portal.api.urls."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from patents.api import dates, deadlines, evidence, holdings, money, rights, tools, valuing
from portal.api.base import NUMBER

RESOURCES = [
    ("rights", rights.Rights, "right"),
    (f"rights/(?P<right>{NUMBER})/money", money.RightMoney, "right-money"),
    (f"rights/(?P<right>{NUMBER})/valuation", valuing.Valuation, "right-valuation"),
    (f"rights/(?P<right>{NUMBER})/rewards", valuing.Rewards, "right-reward"),
    (f"rights/(?P<right>{NUMBER})/documents", evidence.Papers, "right-document"),
    (f"rights/(?P<right>{NUMBER})/use-evidence", evidence.Use, "right-use"),
    ("high-value", valuing.HighValue, "high-value"),
    ("open-rights", rights.OpenRights, "open-right"),
    ("deadlines", dates.Deadlines, "deadline"),
    ("money", money.Entries, "money"),
    ("forecast", money.Forecast, "forecast"),
    ("scenarios", money.Scenarios, "scenario"),
    ("families", holdings.Families, "family"),
    ("products", holdings.Products, "product"),
    ("imports", holdings.Imports, "import"),
    ("tools/application-number", tools.ApplicationNumber, "tool-application-number"),
    ("tools/uscc", tools.CreditCode, "tool-uscc"),
    ("tools/annuities", tools.Annuities, "tool-annuities"),
    ("tools/deadlines", deadlines.Deadlines, "tool-deadline"),
    ("tools/sme-size", tools.SmeSize, "tool-sme-size"),
]
router = SimpleRouter()
for prefix, view, name in RESOURCES:
    router.register(prefix, view, basename=name)

urlpatterns: list[URLPattern | URLResolver] = [path("", include(router.urls))]
