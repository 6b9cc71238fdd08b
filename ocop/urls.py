"""Addresses of OCOP. Products are public; what officers do stands under their own addresses."""

from django.urls import path

from ocop.views import councils, listing, product, queues, workbooks

app_name = "ocop"
urlpatterns = [
    path("ocop/", listing.products, name="list"),
    path("ocop/tong-hop/", listing.summary, name="summary"),
    path("ocop/tong-hop/<slug:district>/", listing.summary, name="summary-of"),
    path("ocop/xuat/", workbooks.export, name="export"),
    path("ocop/nhap/", workbooks.intake, name="intake"),
    path("ocop/them/", product.product_new, name="product-new"),
    path("ocop/viec/", queues.queue, name="queues"),
    path("ocop/viec/<slug:slug>/", queues.queue, name="queue"),
    path("ocop/viec/<slug:slug>/<str:code>/nhac/", queues.reminded, name="queue-remind"),
    path("ocop/chi-tieu/", queues.linked, name="linked"),
    path("ocop/quy-dinh/", councils.rules, name="rules"),
    path("ocop/dot/", councils.rounds, name="rounds"),
    path("ocop/dot/<int:pk>/", councils.one_round, name="round"),
    path("ocop/dot/<int:pk>/bien-ban/", councils.minutes, name="minutes"),
    path("ocop/ho-so/<int:pk>/", councils.entry, name="entry"),
    path("ocop/ho-so/<int:pk>/ket-luan/", councils.conclude, name="conclude"),
    path("ocop/ho-so/<int:pk>/duyet/", councils.settle, name="settle"),
    path("ocop/ho-so/<int:pk>/tra-lai/", councils.send_back, name="send-back"),
    path("ocop/san-pham/<str:code>/", product.product, name="product"),
    path("ocop/san-pham/<str:code>/anh/", product.photo, name="photo"),
    path("ocop/san-pham/<str:code>/doi-anh/", product.photo_set, name="photo-set"),
    path("ocop/san-pham/<str:code>/sua/", product.product_edit, name="product-edit"),
    path("ocop/san-pham/<str:code>/thi-truong/", product.market_add, name="market-add"),
    path("ocop/san-pham/<str:code>/thi-truong/<int:pk>/xoa/", product.market_remove, name="market-remove"),
    path("ocop/san-pham/<str:code>/doanh-thu/", product.revenue_set, name="revenue-set"),
    path("ocop/san-pham/<str:code>/ngung/", product.producer_stop, name="producer-stop"),
    path("ocop/san-pham/<str:code>/chung-nhan/", product.certificate_new, name="certificate-new"),
    path("ocop/san-pham/<str:code>/doi-chieu/", product.certificate_confirm, name="certificate-confirm"),
    path("ocop/san-pham/<str:code>/nhac/", product.certificate_remind, name="certificate-remind"),
    path("ocop/san-pham/<str:code>/de-nghi-thu-hoi/", product.revocation_ask, name="revocation-ask"),
    path("ocop/san-pham/<str:code>/thu-hoi/", product.revocation_grant, name="revocation-grant"),
    path("ocop/san-pham/<str:code>/giu/", product.revocation_keep, name="revocation-keep"),
]
