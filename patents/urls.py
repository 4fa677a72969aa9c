"""Addresses of the patents workstream: every area lists its own."""

from patents.routes import dates, deadline_tool, imports, money, register, tools

urlpatterns = [
    *register.urlpatterns,
    *dates.urlpatterns,
    *deadline_tool.urlpatterns,
    *imports.urlpatterns,  # before the register: its addresses begin with rights/<number>/
    *money.urlpatterns,
    *tools.urlpatterns,
    register.PAGE,
]
