"""The reports' endpoints."""

from django.urls import path

from reports.api.explain import ExplainView
from reports.api.explanations import ExplanationView
from reports.api.summary import SummaryView

urlpatterns = [
    path("summary/", SummaryView.as_view(), name="summary"),
    path("explanations/<slug:code>/", ExplanationView.as_view(), name="explanation"),
    path("attainment/<slug:unit>/<slug:period>/explain/", ExplainView.as_view(), name="explain"),
]
