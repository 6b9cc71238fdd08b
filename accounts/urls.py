"""Addresses of sign-in and people."""

from django.urls import path

from accounts.views import delegation, people, signin, tokens

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", signin.sign_in, name="sign-in"),
    path("dang-xuat/", signin.sign_out, name="sign-out"),
    path("mat-khau/", signin.password, name="password"),
    path("can-bo/", people.people, name="people"),
    path("can-bo/moi/", people.person_new, name="person-new"),
    path("can-bo/<int:pk>/", people.person, name="person"),
    path("can-bo/<int:pk>/phan-cong/", people.person_appoint, name="person-appoint"),
    path("can-bo/<int:pk>/phan-cong/<int:appointment_pk>/", people.appointment_end, name="appointment-end"),
    path("can-bo/<int:pk>/tam-dung/", people.person_suspend, name="person-suspend"),
    path("can-bo/<int:pk>/mo-lai/", people.person_reinstate, name="person-reinstate"),
    path("can-bo/<int:pk>/dat-lai-mat-khau/", people.person_reset, name="person-reset"),
    path("can-bo/<int:pk>/phan-cong/<int:appointment_pk>/ban-giao/", delegation.hand_over, name="hand-over"),
    path("can-bo/<int:pk>/ma-truy-cap/ket-thuc/", tokens.end_every_of_person, name="person-tokens-end"),
    path("can-bo/<int:pk>/ma-truy-cap/<int:token_pk>/ket-thuc/", tokens.end_of_person, name="person-token-end"),
    path("ma-truy-cap/", tokens.own, name="tokens"),
    path("ma-truy-cap/moi/", tokens.new, name="token-new"),
    path("ma-truy-cap/ket-thuc/", tokens.end_every, name="tokens-end"),
    path("ma-truy-cap/<int:pk>/doi/", tokens.rotate, name="token-rotate"),
    path("ma-truy-cap/<int:pk>/ket-thuc/", tokens.end, name="token-end"),
    path("uy-quyen/", delegation.delegations, name="delegations"),
    path("uy-quyen/<int:appointment_pk>/", delegation.delegate, name="delegate"),
    path("uy-quyen/<int:appointment_pk>/ket-thuc/", delegation.recall, name="recall"),
]
