"""Addresses of the makers of programmes: questionnaires and programmes (calls are in office.py)."""

from django.urls import path

from portal.views.office import programmes
from portal.views.office import questionnaire_editor as editor
from portal.views.office import questionnaire_preview as preview
from portal.views.office import questionnaires as versions

ONE = "questionnaires/<slug:code>/<int:version>/"
SECTION, QUESTION = f"{ONE}sections/<str:key>/", f"{ONE}questions/<str:key>/"

urlpatterns = [
    path("questionnaires/", versions.QuestionnaireList.as_view(), name="questionnaire-list"),
    path("questionnaires/new/", versions.NewQuestionnaire.as_view(), name="questionnaire-new"),
    path(ONE, versions.QuestionnaireDetail.as_view(), name="questionnaire-detail"),
    path(f"{ONE}preview/", preview.QuestionnairePreview.as_view(), name="questionnaire-preview"),
    path(f"{ONE}difference/", versions.QuestionnaireDifference.as_view(), name="questionnaire-difference"),
    path(f"{ONE}titles/", versions.EditTitles.as_view(), name="questionnaire-titles"),
    path(f"{ONE}clone/", versions.CloneQuestionnaire.as_view(), name="questionnaire-clone"),
    path(f"{ONE}publish/", versions.PublishQuestionnaire.as_view(), name="questionnaire-publish"),
    path(f"{ONE}retire/", versions.RetireQuestionnaire.as_view(), name="questionnaire-retire"),
    path(f"{ONE}undo/", editor.UndoEdit.as_view(), name="questionnaire-undo"),
    path(f"{ONE}sections/new/", editor.EditSection.as_view(), name="questionnaire-section-new"),
    path(f"{ONE}sections/<str:section>/", editor.EditSection.as_view(), name="questionnaire-section"),
    path(f"{SECTION}move/", editor.MoveSection.as_view(), name="questionnaire-section-move"),
    path(f"{SECTION}delete/", editor.DeleteSection.as_view(), name="questionnaire-section-delete"),
    path(f"{ONE}sections/<str:section>/new/", editor.EditQuestion.as_view(), name="questionnaire-question-new"),
    path(QUESTION, editor.EditQuestion.as_view(), name="questionnaire-question"),
    path(f"{QUESTION}move/", editor.MoveQuestion.as_view(), name="questionnaire-question-move"),
    path(f"{QUESTION}copy/", editor.CopyQuestion.as_view(), name="questionnaire-question-copy"),
    path(f"{QUESTION}delete/", editor.DeleteQuestion.as_view(), name="questionnaire-question-delete"),
    path("programmes/", programmes.ProgrammeList.as_view(), name="programme-list"),
    path("programmes/new/", programmes.EditProgramme.as_view(), name="programme-new"),
    path("programmes/<slug:code>/", programmes.ProgrammeDetail.as_view(), name="programme-detail"),
    path("programmes/<slug:code>/change/", programmes.EditProgramme.as_view(), name="programme-change"),
    path("programmes/<slug:code>/activate/", programmes.ActivateProgramme.as_view(), name="programme-activate"),
    path("programmes/<slug:code>/retire/", programmes.RetireProgramme.as_view(), name="programme-retire"),
]
