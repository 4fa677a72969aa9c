"""Addresses of money: a right's ledger and rewards, the forecast, grades, high value."""

from django.urls import URLPattern, path

from patents.views.money import entries, forecast, high_value

urlpatterns: list[URLPattern] = [
    path("rights/forecast/", forecast.ForecastPage.as_view(), name="rights-forecast"),
    path("rights/forecast/change/", forecast.ForecastChange.as_view(), name="rights-forecast-change"),
    path("rights/forecast/export/", forecast.ForecastExport.as_view(), name="rights-forecast-export"),
    path("rights/forecast/scenarios/create/", forecast.ScenarioCreate.as_view(), name="scenario-create"),
    path("rights/forecast/scenarios/<str:number>/delete/", forecast.ScenarioDelete.as_view(), name="scenario-delete"),
    path("rights/<str:number>/money/", entries.RightMoney.as_view(), name="right-money"),
    path("rights/<str:number>/money/<str:entry>/reverse/", entries.MoneyReverse.as_view(), name="right-money-reverse"),
    path("rights/<str:number>/rewards/agree/", entries.RewardAgree.as_view(), name="right-reward-agree"),
    path("rights/<str:number>/rewards/pay/", entries.RewardPay.as_view(), name="right-reward-pay"),
    path("rights/high-value/", high_value.HighValueList.as_view(), name="rights-high-value"),
    path("rights/<str:number>/grade/", high_value.GradeSet.as_view(), name="right-grade"),
    path("rights/<str:number>/core/", high_value.CoreMark.as_view(), name="right-core"),
    path("rights/<str:number>/industry/", high_value.IndustryConfirm.as_view(), name="right-industry"),
]
