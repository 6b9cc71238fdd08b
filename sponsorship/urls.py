"""Addresses of sponsorship."""

from django.urls import path

from sponsorship.views import exports, funding, gaps, ledger, overview, pledges, sponsors, workbooks

app_name = "sponsorship"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("tong-hop/<slug:split>/", overview.breakdown, name="breakdown"),
    path("nam/<int:year>/chot/", overview.close, name="close"),
    path("nam/<int:year>/mo-lai/", overview.reopen, name="reopen"),
    path("so/", ledger.entries, name="entries"),
    path("so/ghi/", ledger.entry_new, name="entry-new"),
    path("so/nhap/", workbooks.imports, name="imports"),
    path("so/bang-trong/", workbooks.blank, name="blank"),
    path("so/xuat/", exports.workbook, name="export"),
    path("so/xuat-csv/", exports.lines, name="export-csv"),
    path("so/<int:pk>/", ledger.entry, name="entry"),
    path("so/<int:pk>/doi-chieu/", ledger.confirm, name="confirm"),
    path("so/<int:pk>/huy/", ledger.reverse, name="reverse"),
    path("so/<int:pk>/ghi-lai/", ledger.entry_again, name="entry-again"),
    path("so/<int:pk>/chi/", ledger.spend, name="spend"),
    path("so/<int:pk>/chi/<int:spent_id>/huy/", ledger.take_back, name="take-back"),
    path("so/<int:pk>/bien-nhan/", ledger.receipt, name="receipt"),
    path("so/<int:pk>/thu-cam-on/", ledger.thanks, name="thanks"),
    path("nha-tai-tro/", sponsors.sponsors, name="sponsors"),
    path("nha-tai-tro/them/", sponsors.sponsor_new, name="sponsor-new"),
    path("nha-tai-tro/<int:pk>/", sponsors.sponsor, name="sponsor"),
    path("nha-tai-tro/<int:pk>/sua/", sponsors.sponsor_edit, name="sponsor-edit"),
    path("nha-tai-tro/<int:pk>/phan-cong/", sponsors.assign, name="assign"),
    path("cam-ket/ghi/", pledges.pledge_new, name="pledge-new"),
    path("cam-ket/<int:pk>/rut/", pledges.pledge_withdraw, name="pledge-withdraw"),
    path("thieu-von/", gaps.board, name="gaps"),
    path("thieu-von/<int:area_id>/<int:indicator_id>/", gaps.need, name="need"),
    path("nguon-von/", funding.funding, name="funding"),
    path("nguon-von/<int:year>/<int:area_id>/", funding.sheet, name="funding-sheet"),
]
