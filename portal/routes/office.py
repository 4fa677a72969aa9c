"""Addresses of the office pages."""

from django.urls import path

from portal.views.office import acts, calls, case, experts, questionnaires, queue, recognitions, reviews

urlpatterns = [
    path("cases/", queue.Queue.as_view(), name="case-list"),
    path("cases/export/", queue.QueueExport.as_view(), name="case-export"),
    path("cases/next/", queue.NextCase.as_view(), name="case-next"),
    path("cases/assign/", queue.BulkAssign.as_view(), name="case-bulk-assign"),
    path("cases/recognitions/", recognitions.RecognitionRegister.as_view(), name="recognition-register"),
    path("cases/<str:number>/", case.CaseDetail.as_view(), name="case-detail"),
    path("cases/<str:number>/declare/", acts.Declare.as_view(), name="case-declare"),
    path("cases/<str:number>/take/", acts.Take.as_view(), name="case-take"),
    path("cases/<str:number>/assign/", acts.Assign.as_view(), name="case-assign"),
    path("cases/<str:number>/return/", acts.Return.as_view(), name="case-return"),
    path("cases/<str:number>/seen/", acts.Seen.as_view(), name="case-seen"),
    path("cases/<str:number>/corrections/<int:sequence>/<str:key>/judge/", acts.Judge.as_view(), name="case-judge"),
    path("cases/<str:number>/verify/", acts.Verify.as_view(), name="case-verify"),
    path("cases/<str:number>/recommend/", acts.Recommend.as_view(), name="case-recommend"),
    path("cases/<str:number>/message/", acts.WriteMessage.as_view(), name="case-message"),
    path("cases/<str:number>/invite/", acts.InviteExperts.as_view(), name="case-invite-experts"),
    path("cases/<str:number>/draw/", acts.DrawExperts.as_view(), name="case-draw-experts"),
    path("cases/<str:number>/decide/", acts.Decide.as_view(), name="case-decide"),
    path(
        "cases/<str:number>/objections/<str:objection>/decide/",
        acts.DecideObjection.as_view(),
        name="objection-decide",
    ),
    path("cases/<str:number>/appeals/<str:appeal>/decide/", acts.DecideAppeal.as_view(), name="appeal-decide"),
    path("reviews/", reviews.ReviewList.as_view(), name="review-list"),
    path("reviews/<str:number>/", reviews.ReviewDetail.as_view(), name="review-detail"),
    path("reviews/<str:number>/declare/", reviews.DeclareReview.as_view(), name="review-declare"),
    path("reviews/<str:number>/score/", reviews.Score.as_view(), name="review-score"),
    path("call-editor/", calls.CallList.as_view(), name="call-editor-list"),
    path("call-editor/new/", calls.CallEdit.as_view(), name="call-editor-new"),
    path("call-editor/<str:number>/", calls.CallPreview.as_view(), name="call-editor-detail"),
    path("call-editor/<str:number>/change/", calls.CallEdit.as_view(), name="call-editor-change"),
    path("call-editor/<str:number>/publish/", calls.PublishCall.as_view(), name="call-editor-publish"),
    path("call-editor/<str:number>/clone/", calls.CloneCall.as_view(), name="call-editor-clone"),
    path("call-editor/<str:number>/ranking/", calls.Ranking.as_view(), name="call-ranking"),
    path("questionnaires/", questionnaires.QuestionnaireList.as_view(), name="questionnaire-list"),
    path(
        "questionnaires/<slug:code>/<int:version>/",
        questionnaires.QuestionnairePreview.as_view(),
        name="questionnaire-detail",
    ),
    path(
        "questionnaires/<slug:code>/<int:version>/clone/",
        questionnaires.CloneQuestionnaire.as_view(),
        name="questionnaire-clone",
    ),
    path(
        "questionnaires/<slug:code>/<int:version>/publish/",
        questionnaires.PublishQuestionnaire.as_view(),
        name="questionnaire-publish",
    ),
    path(
        "questionnaires/<slug:code>/<int:version>/questions/<str:key>/",
        questionnaires.EditQuestion.as_view(),
        name="questionnaire-question",
    ),
    path("experts/", experts.ExpertList.as_view(), name="expert-list"),
    path("recognitions/<str:number>/midterm/", recognitions.Midterm.as_view(), name="recognition-midterm"),
    path("recognitions/<str:number>/accept/", recognitions.Accept.as_view(), name="recognition-accept"),
    path("recognitions/<str:number>/revoke/", recognitions.Revoke.as_view(), name="recognition-revoke"),
]
