"""Addresses of the enterprise pages of this workstream."""

from django.urls import path

from enterprises import views

urlpatterns = [
    path("organisations/<str:number>/profile/", views.ProfileDetail.as_view(), name="profile"),
    path("organisations/<str:number>/profile/edit/", views.EditProfile.as_view(), name="profile-edit"),
    path("organisations/<str:number>/markets/", views.MarketList.as_view(), name="market-list"),
    path("organisations/<str:number>/markets/add/", views.AddMarket.as_view(), name="market-add"),
    path("organisations/<str:number>/markets/<str:market>/change/", views.ChangeMarket.as_view(), name="market-change"),
    path("organisations/<str:number>/markets/<str:market>/remove/", views.RemoveMarket.as_view(), name="market-remove"),
]
