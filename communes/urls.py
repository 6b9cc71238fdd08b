"""Addresses of the book of communes."""

from django.urls import path

from communes import views

app_name = "communes"
urlpatterns = [
    path("so-thon/", views.register, name="register"),
    path("so-thon/<int:area_id>/", views.book_of, name="book-of"),
    path("so-thon/<int:area_id>/<slug:kind>/", views.book_of, name="book"),
    path("so-thon/<int:area_id>/<slug:kind>/them/", views.row_new, name="row-new"),
    path("so-thon/<int:area_id>/<slug:kind>/dan/", views.rows_paste, name="rows-paste"),
    path("so-thon/dong/<slug:kind>/<int:pk>/", views.row, name="row"),
    path("so-thon/dong/<slug:kind>/<int:pk>/ket-thuc/", views.row_end, name="row-end"),
]
