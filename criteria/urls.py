"""Addresses of the officers' pages."""

from django.urls import path

from criteria.views import board, departments, entry, law, panel, paper, review, rounds

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
    path("duyet/", review.review, name="review"),
    path("duyet/tham-dinh/", review.appraise, name="appraise"),
    path("duyet/khong-canh-bao/", review.accept, name="accept"),
    path("duyet/phe-duyet/", review.approve, name="approve"),
    path("duyet/ho-so/<int:assessment_id>/", review.verify, name="verify"),
    path("duyet/<int:reading_id>/", review.review_item, name="review-item"),
    path("duyet/<int:reading_id>/tra-lai/", review.send_back, name="return"),
    path("duyet/<int:reading_id>/mo-khoa/", review.unlock, name="unlock"),
    path("gia-tri/<int:reading_id>/", panel.panel, name="panel"),
    path("gia-tri/<int:reading_id>/minh-chung/", panel.attach, name="evidence-attach"),
    path("gia-tri/<int:reading_id>/minh-chung/ky-truoc/", panel.carry_forward, name="evidence-carry"),
    path("gia-tri/<int:reading_id>/minh-chung/<int:evidence_id>/go/", panel.remove, name="evidence-remove"),
    path("gia-tri/<int:reading_id>/trao-doi/", panel.comment, name="comment"),
    path("gia-tri/<int:reading_id>/trao-doi/xong/", panel.resolve, name="thread-resolve"),
    path("tep/<slug:name>/", panel.evidence_file, name="evidence-file"),
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
