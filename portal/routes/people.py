"""Addresses of the people pages: registering, joining, enterprises, verification, offices."""

from django.urls import path

from portal.views.people import districts, joining, members, offices, registering, verifying

urlpatterns = [
    path("register/", registering.Register.as_view(), name="register"),
    path("register/lookup/", registering.RegisterLookup.as_view(), name="register-lookup"),
    path("register/contact/", registering.RegisterContact.as_view(), name="register-contact"),
    path("join/", joining.Join.as_view(), name="join"),
    path("join/district/", joining.DistrictJoins.as_view(), name="district-join-list"),
    path("join/<str:number>/withdraw/", joining.WithdrawJoin.as_view(), name="join-withdraw"),
    path("join/<str:number>/accept/", joining.AcceptJoin.as_view(), name="join-accept"),
    path("join/<str:number>/refuse/", joining.RefuseJoin.as_view(), name="join-refuse"),
    path("invitations/", joining.InvitationList.as_view(), name="invitation-list"),
    path("invitations/<str:token>/", joining.InvitationPage.as_view(), name="invitation"),
    path("invitations/<str:number>/accept/", joining.AcceptInvitation.as_view(), name="invitation-accept"),
    path("invitations/<str:number>/decline/", joining.DeclineInvitation.as_view(), name="invitation-decline"),
    path("invitations/<str:number>/revoke/", members.RevokeInvitation.as_view(), name="invitation-revoke"),
    path("organisations/", districts.DistrictOrganisations.as_view(), name="district-organisation-list"),
    path("organisations/<str:number>/", districts.OrganisationDetail.as_view(), name="organisation-detail"),
    path("organisations/<str:number>/members/", members.MemberList.as_view(), name="member-list"),
    path("organisations/<str:number>/members/invite/", members.InviteMember.as_view(), name="member-invite"),
    path(
        "organisations/<str:number>/members/<str:member>/role/", members.ChangeRole.as_view(), name="member-change-role"
    ),
    path("organisations/<str:number>/members/<str:member>/end/", members.EndMembership.as_view(), name="member-end"),
    path(
        "organisations/<str:number>/members/<str:member>/hand-over/",
        members.HandOver.as_view(),
        name="member-hand-over",
    ),
    path(
        "organisations/<str:number>/verification/",
        verifying.VerificationStatus.as_view(),
        name="organisation-verification",
    ),
    path("organisations/<str:number>/district/", verifying.ChangeDistrict.as_view(), name="organisation-district"),
    path("organisations/<str:number>/history/", members.OrganisationHistory.as_view(), name="organisation-history"),
    path("verifications/", verifying.VerificationList.as_view(), name="verification-list"),
    path("verifications/<str:number>/", verifying.VerificationDetail.as_view(), name="verification-detail"),
    path("verifications/<str:number>/verify/", verifying.Verify.as_view(), name="verification-verify"),
    path("verifications/<str:number>/refuse/", verifying.Refuse.as_view(), name="verification-refuse"),
    path("offices/", offices.OfficeList.as_view(), name="office-list"),
    path("offices/<slug:slug>/", offices.OfficeDetail.as_view(), name="office-detail"),
    path("offices/<slug:slug>/edit/", offices.EditOffice.as_view(), name="office-edit"),
    path("offices/<slug:slug>/invite/", offices.InviteOfficial.as_view(), name="official-invite"),
    path("people/", offices.PeopleList.as_view(), name="people-list"),
    path("people/experts/invite/", offices.InviteExpert.as_view(), name="expert-invite"),
    path("people/<str:number>/", offices.PersonDetail.as_view(), name="people-detail"),
    path("people/<str:number>/post/", offices.Post.as_view(), name="people-post"),
    path("people/<str:number>/postings/<str:posting>/end/", offices.EndPosting.as_view(), name="posting-end"),
    path("people/<str:number>/expert/", offices.KeepExpert.as_view(), name="people-expert"),
    path("people/<str:number>/availability/", offices.SetAvailability.as_view(), name="people-availability"),
    path("people/<str:number>/deactivate/", offices.Deactivate.as_view(), name="people-deactivate"),
    path("people/<str:number>/reactivate/", offices.Reactivate.as_view(), name="people-reactivate"),
]
