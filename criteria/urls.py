"""Addresses of the officers' pages."""

from django.urls import path

from criteria.views import departments, entry, law, review, rounds, workbooks

app_name = "criteria"
urlpatterns = [
    path("viec-cua-toi/", entry.my_work, name="my-work"),
    path("nhap-lieu/o/<int:reading_id>/", entry.cell, name="entry-cell"),
    path("nhap-lieu/<int:round_id>/<str:area_code>/", entry.entry, name="entry"),
    path("nhap-lieu/<int:round_id>/<str:area_code>/trinh/", entry.submit, name="submit"),
    path("bang-tinh/", workbooks.imports, name="imports"),
    path("bang-tinh/tai/<int:round_id>/", workbooks.download, name="workbook"),
    path("bang-tinh/<int:import_id>/", workbooks.one, name="import"),
    path("bang-tinh/<int:import_id>/nhap/", workbooks.apply, name="import-apply"),
    path("bang-tinh/<int:import_id>/huy/", workbooks.cancel, name="import-cancel"),
    path("bang-tinh/<int:import_id>/loi/", workbooks.faults, name="import-faults"),
    path("duyet/", review.review, name="review"),
    path("duyet/tham-dinh/", review.appraise, name="appraise"),
    path("duyet/phe-duyet/", review.approve, name="approve"),
    path("duyet/ho-so/<int:assessment_id>/", review.verify, name="verify"),
    path("duyet/<int:reading_id>/", review.review_item, name="review-item"),
    path("duyet/<int:reading_id>/tra-lai/", review.send_back, name="return"),
    path("duyet/<int:reading_id>/mo-khoa/", review.unlock, name="unlock"),
    path("nguong/", law.thresholds, name="thresholds"),
    path("nguong/them/<int:input_id>/", law.threshold_new, name="threshold-new"),
    path("nguong/<int:threshold_id>/doi-chieu/", law.threshold_confirm, name="threshold-confirm"),
    path("so-nganh/", departments.departments, name="departments"),
    path("so-nganh/<int:criterion_id>/", departments.assign, name="department-assign"),
    path("bo-tieu-chi/", law.sets, name="sets"),
    path("bo-tieu-chi/<slug:slug>/", law.criteria_set, name="set"),
    path("dot/", rounds.rounds, name="rounds"),
    path("dot/<int:round_id>/chot/", rounds.close, name="round-close"),
    path("dot/<int:round_id>/mo-lai/", rounds.reopen, name="round-reopen"),
]
