"""The page of a product, its photograph, and what officers do there."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.desk import DeskRequest, attempt, desk_page, see_other
from accounts.errors import OutOfScope, Refused
from accounts.roles import Permission
from accounts.scope import has_permission
from files import serving
from files.receiving import Received, receiving
from ocop.actions import certificates, photos
from ocop.actions import register as actions
from ocop.forms import (
    BaseForm,
    CertificateForm,
    MarketForm,
    NoteForm,
    ProductForm,
    ReasonForm,
    RevenueForm,
    RevokeForm,
    StopForm,
)
from ocop.models import Export, Product, Rating, RevocationRequest
from ocop.queries import product as queries
from ocop.queries.scope import kept_product
from ocop.views.acting import acted

# The last field of the form with the photograph: where it came, everything before it came whole.
LAST_FIELD, LAST_VALUE = "end", "het"
CUT = "Ảnh chưa tới đủ, chưa lưu. Gửi lại."


@never_cache
@require_GET
def product(request: HttpRequest, code: str) -> HttpResponse:
    """A product; open to everybody, with the officer's forms for those who keep it."""
    return _page(request, code)


def _page(request: HttpRequest, code: str, *, status: int = 200, **shown: Any) -> HttpResponse:
    try:
        page = queries.page(request.user, code)
    except OutOfScope as absent:
        raise Http404(absent.message) from absent
    context: dict[str, Any] = {"page": page, "product": page.product, "standing": page.product.standing}
    if page.may_keep or page.may_rate:
        context |= _forms(page)
    return render(request, "ocop/product.html", {**context, **shown}, status=status)


def _forms(page: queries.ProductPage) -> dict[str, Any]:
    """Empty forms, each with a prefix of ids of its own."""
    kind = "again" if page.product.standing else "first"
    return {
        "market": MarketForm(auto_id="m_%s"),
        "markets": MarketForm.known(),
        "revenue": RevenueForm(auto_id="r_%s"),
        "stop": StopForm(auto_id="s_%s"),
        "certificate": CertificateForm(auto_id="c_%s", initial={"kind": kind}),
        "ask": ReasonForm(auto_id="a_%s"),
        "revoke": RevokeForm(auto_id="v_%s"),
        "note": NoteForm(auto_id="n_%s"),
    }


def _acted(
    request: DeskRequest,
    stored: Product,
    name: str,
    form: BaseForm,
    action: Callable[..., Any],
    message: str,
    /,
    **given: Any,
) -> HttpResponseBase:
    """One form of the page: told at its place when refused, else back to the page."""

    def again(status: int) -> HttpResponse:
        return _page(request, stored.code, status=status, **{name: form, "open_form": name})

    return acted(request, form, action, again=again, done=lambda _: (message, ("ocop:product", stored.code)), **given)


@desk_page
@require_http_methods(["GET", "POST"])
def product_new(request: DeskRequest) -> HttpResponseBase:
    """Enter a product."""
    if not has_permission(request.user, Permission.KEEP_OCOP):
        raise OutOfScope
    form = ProductForm(request.POST or None, by=request.user)

    def page(status: int) -> HttpResponse:
        return render(request, "ocop/product_form.html", {"form": form}, status=status)

    def done(made: Product) -> tuple[str, tuple[str, str]]:
        return f"Đã ghi sản phẩm {made.name}, mã {made.code}.", ("ocop:product", made.code)

    return acted(request, form, actions.register_product, again=page, done=done) if form.is_bound else page(200)


@desk_page
@require_http_methods(["GET", "POST"])
def product_edit(request: DeskRequest, code: str) -> HttpResponseBase:
    """Correct a product."""
    stored = kept_product(request.user, code)
    if request.method == "GET":
        return _edit(request, stored, ProductForm(initial=_initial(stored), by=request.user, product=stored))
    form = ProductForm(request.POST, by=request.user, product=stored)
    if not form.is_valid():
        return _edit(request, stored, form, status=422)
    version = form.cleaned_data["version"]
    given = {"product": stored, "version": -1 if version is None else version}
    made, refused = attempt(actions.correct_product, by=request.user, **given, **form.said)
    if refused:
        form.put(refused)
        now = refused.details.get("version", version)
        return _edit(request, stored, form, status=refused.status, version=now, is_stale="version" in refused.details)
    messages.success(request, f"Đã sửa sản phẩm {made.name}.")
    return see_other("ocop:product", stored.code)


def _initial(stored: Product) -> dict[str, Any]:
    fields = ("name", "group", "product_set", "traceability_code", "story")
    said = {name: getattr(stored, name) for name in fields}
    return said | {"producer_name": stored.producer.name, "producer_kind": stored.producer.kind}


def _edit(request: DeskRequest, stored: Product, form: ProductForm, *, status: int = 200, **shown: Any) -> HttpResponse:
    context = {"product": stored, "form": form, "version": stored.version, **shown}
    return render(request, "ocop/product_form.html", context, status=status)


@desk_page
@require_POST
def market_add(request: DeskRequest, code: str) -> HttpResponseBase:
    stored, form = kept_product(request.user, code), MarketForm(request.POST, auto_id="m_%s")
    return _acted(request, stored, "market", form, actions.add_market, "Đã ghi thị trường.", product=stored)


@desk_page
@require_POST
def market_remove(request: DeskRequest, code: str, pk: int) -> HttpResponseBase:
    stored = kept_product(request.user, code)
    export = get_object_or_404(Export, pk=pk, product=stored)
    actions.remove_market(export=export, by=request.user)
    messages.success(request, "Đã xoá thị trường; nhật ký còn giữ.")
    return see_other("ocop:product", stored.code)


@desk_page
@require_POST
def revenue_set(request: DeskRequest, code: str) -> HttpResponseBase:
    stored, form = kept_product(request.user, code), RevenueForm(request.POST, auto_id="r_%s")
    return _acted(request, stored, "revenue", form, actions.set_revenue, "Đã ghi doanh thu.", product=stored)


@desk_page
@require_POST
def producer_stop(request: DeskRequest, code: str) -> HttpResponseBase:
    stored, form = kept_product(request.user, code), StopForm(request.POST, auto_id="s_%s")
    done = "Đã ghi chủ thể ngừng hoạt động."
    return _acted(request, stored, "stop", form, actions.stop_producer, done, producer=stored.producer)


@desk_page
@require_POST
def certificate_new(request: DeskRequest, code: str) -> HttpResponseBase:
    stored = kept_product(request.user, code, Permission.RATE_OCOP)
    form, done = CertificateForm(request.POST, auto_id="c_%s"), "Đã ghi giấy chứng nhận, chờ người khác đối chiếu."
    return _acted(request, stored, "certificate", form, certificates.record_certificate, done, product=stored)


def _standing(stored: Product) -> Rating:
    if stored.standing is None:
        raise OutOfScope
    return stored.standing


@desk_page
@require_POST
def certificate_confirm(request: DeskRequest, code: str) -> HttpResponseBase:
    stored = kept_product(request.user, code, Permission.RATE_OCOP)
    _, refused = attempt(certificates.confirm_certificate, rating=_standing(stored), by=request.user)
    return _told(request, stored, refused, "Đã đối chiếu giấy chứng nhận.")


@desk_page
@require_POST
def certificate_remind(request: DeskRequest, code: str) -> HttpResponseBase:
    stored, form = kept_product(request.user, code), NoteForm(request.POST, auto_id="n_%s")
    form.is_valid()
    said = {"rating": _standing(stored), "note": form.cleaned_data.get("note", "")}
    _, refused = attempt(certificates.remind, by=request.user, **said)
    return _told(request, stored, refused, "Đã ghi lần nhắc.")


@desk_page
@require_POST
def revocation_ask(request: DeskRequest, code: str) -> HttpResponseBase:
    stored = kept_product(request.user, code, Permission.RATE_OCOP)
    form, done = ReasonForm(request.POST, auto_id="a_%s"), "Đã đề nghị thu hồi, chờ người khác quyết."
    return _acted(request, stored, "ask", form, certificates.ask_revocation, done, rating=_standing(stored))


def _open_request(stored: Product) -> RevocationRequest:
    return get_object_or_404(RevocationRequest, rating=_standing(stored), settled_at=None)


@desk_page
@require_POST
def revocation_grant(request: DeskRequest, code: str) -> HttpResponseBase:
    stored = kept_product(request.user, code, Permission.RATE_OCOP)
    form, asked = RevokeForm(request.POST, auto_id="v_%s"), _open_request(stored)
    return _acted(request, stored, "revoke", form, certificates.revoke, "Đã thu hồi chứng nhận.", request=asked)


@desk_page
@require_POST
def revocation_keep(request: DeskRequest, code: str) -> HttpResponseBase:
    stored = kept_product(request.user, code, Permission.RATE_OCOP)
    _, refused = attempt(certificates.keep, request=_open_request(stored), by=request.user)
    return _told(request, stored, refused, "Giữ chứng nhận.")


def _told(request: DeskRequest, stored: Product, refused: Refused | None, message: str) -> HttpResponseBase:
    if refused:
        return _page(request, stored.code, status=refused.status, refusal=refused.message)
    messages.success(request, message)
    return see_other("ocop:product", stored.code)


# The body is read only once the person is known to keep the product, and is streamed: `_photo` checks the token.
@csrf_exempt
@desk_page
@require_POST
def photo_set(request: DeskRequest, code: str) -> HttpResponseBase:
    """Put a photograph on the page."""
    stored = kept_product(request.user, code)
    with receiving(request, most_bytes=settings.EVIDENCE_FILE_BYTES):
        try:
            return _photo(request, stored)
        except UnreadablePostError:
            return _page(request, stored.code, status=400, photo_fault=CUT)


@csrf_protect
def _photo(request: DeskRequest, stored: Product) -> HttpResponseBase:
    came = cast(list[Received], request.FILES.getlist("photo"))
    if request.POST.get(LAST_FIELD) != LAST_VALUE:
        return _page(request, stored.code, status=400, photo_fault=CUT)
    if not came:
        return _page(request, stored.code, status=422, photo_fault="Chọn ảnh trước khi gửi.")
    _, refused = attempt(photos.set_photo, product=stored, received=came[0], by=request.user)
    if refused:
        return _page(request, stored.code, status=refused.status, photo_fault=refused.message)
    messages.success(request, "Đã đổi ảnh sản phẩm.")
    return see_other("ocop:product", stored.code)


@require_GET
def photo(request: HttpRequest, code: str) -> HttpResponseBase:
    """The photograph of a product, as it was written anew; open to everybody."""
    stored = get_object_or_404(Product.objects.select_related("photo"), code=code, photo__isnull=False)
    picture: Any = stored.photo
    try:
        response = serving.download(
            key=picture.key, sha256=picture.sha256, kind=picture.kind, name=f"{stored.code}.{picture.kind}"
        )
    except serving.Damaged as damaged:
        raise Http404 from damaged
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
