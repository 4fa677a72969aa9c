"""Addresses of PDF documents. The applicant's and the official's copy differ by who reads, not by what they name."""

from django.urls import path

from portal.views import documents

urlpatterns = [
    path("applications/<str:number>/receipt.pdf", documents.Receipt.as_view(), name="application-receipt"),
    path("applications/<str:number>/case.pdf", documents.WholeCase.as_view(), name="application-pdf"),
    path("applications/<str:number>/decision.pdf", documents.DecisionLetter.as_view(), name="application-decision"),
    path("cases/<str:number>/case.pdf", documents.WholeCase.as_view(), name="case-pdf"),
    path("cases/<str:number>/decision.pdf", documents.DecisionLetter.as_view(), name="case-decision"),
    path("recognitions/<str:number>/certificate.pdf", documents.Certificate.as_view(), name="recognition-certificate"),
]
