"""Addresses of the officers' pages."""

from django.urls import path

from criteria.views import board, decisions, departments, entry, evidence, law, panel, paper, review, rounds, trail

app_name = "criteria"
urlpatterns = [
    path("viec-cua-toi/", entry.my_work, name="my-work"),
    path("nhap-lieu/o/<int:reading_id>/", entry.cell, name="entry-cell"),
    path("nhap-lieu/<int:round_id>/<str:area_code>/", entry.entry, name="entry"),
    path("nhap-lieu/<int:round_id>/<str:area_code>/trinh/", entry.submit, name="submit"),
    path("nhap-lieu/<int:round_id>/<str:area_code>/phieu/", paper.paper, name="paper"),
    path("tien-do/", board.board, name="board"),
    path("tien-do/<int:round_id>/", board.board, name="board-of"),
    path("tien-do/<int:round_id>/nhac/", board.remind, name="remind"),
    path("nhat-ky/", trail.trail, name="trail"),
    path("nhat-ky/xuat/", trail.export, name="trail-export"),
    path("duyet/", review.review, name="review"),
    path("duyet/tham-dinh/", review.appraise, name="appraise"),
    path("duyet/khong-canh-bao/", review.accept, name="accept"),
    path("duyet/phe-duyet/", review.approve, name="approve"),
    path("duyet/ho-so/<int:assessment_id>/", review.verify, name="verify"),
    path("duyet/<int:reading_id>/", review.review_item, name="review-item"),
    path("duyet/<int:reading_id>/tra-lai/", review.send_back, name="return"),
    path("duyet/<int:reading_id>/mo-khoa/", review.unlock, name="unlock"),
    path("quyet-dinh/", decisions.decisions, name="decisions"),
    path("quyet-dinh/moi/", decisions.decision_new, name="decision-new"),
    path("quyet-dinh/<int:decision_id>/", decisions.decision, name="decision"),
    path("quyet-dinh/<int:decision_id>/doi-chieu/", decisions.decision_confirm, name="decision-confirm"),
    path("gia-tri/<int:reading_id>/", panel.panel, name="panel"),
    path("gia-tri/<int:reading_id>/trao-doi/", panel.comment, name="panel-comment"),
    path("gia-tri/<int:reading_id>/trao-doi/xong/", panel.resolve, name="panel-resolve"),
    path("gia-tri/<int:reading_id>/minh-chung/", evidence.attach, name="evidence-attach"),
    path("gia-tri/<int:reading_id>/minh-chung/ky-truoc/", evidence.carry, name="evidence-carry"),
    path("minh-chung/<int:evidence_id>/", evidence.download, name="evidence-file"),
    path("minh-chung/<int:evidence_id>/go/", evidence.remove, name="evidence-remove"),
    path("nguong/", law.thresholds, name="thresholds"),
    path("nguong/them/<int:input_id>/", law.threshold_new, name="threshold-new"),
    path("nguong/<int:threshold_id>/doi-chieu/", law.threshold_confirm, name="threshold-confirm"),
    path("so-nganh/", departments.departments, name="departments"),
    path("so-nganh/<int:criterion_id>/", departments.assign, name="department-assign"),
    path("bo-tieu-chi/", law.sets, name="sets"),
    path("bo-tieu-chi/<slug:slug>/", law.criteria_set, name="set"),
    path("dot/", rounds.rounds, name="rounds"),
    path("dot/<int:round_id>/chot/", rounds.close, name="round-close"),
    path("dot/<int:round_id>/gia-han/", rounds.extend, name="round-extend"),
    path("dot/<int:round_id>/mo-lai/", rounds.reopen, name="round-reopen"),
]
