"""Numbers, dates and status marks the Vietnamese way: 1.234,5 · 36,2% · 21/02/2024 · icon beside word.

Loaded in every template (settings.TEMPLATES builtins). Numbers never pass through the locale machinery.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

register = template.Library()

NBSP = "\u00a0"
NOTHING = "–"
BILLION, MILLION = Decimal(10**9), Decimal(10**6)

# Verdict (criteria.models.Verdict) → icon, letter, word. Shape and word come before colour.
VERDICTS = {
    0: ("open", "?", "Chưa kết luận"),
    1: ("ok", "Đ", "Đạt"),
    2: ("bad", "CĐ", "Chưa đạt"),
    3: ("na", NOTHING, "Không áp dụng"),
}
# Why a verdict is still open.
OPEN_REASONS = {
    "no_value": ("nil", "…", "Chưa có số liệu"),
    "no_threshold": ("open", "?", "Chưa có ngưỡng"),
    "incomplete": ("open", "?", "Chưa đủ chỉ tiêu"),
}
TIERS = {
    "ntm": ("t1", "NTM"),
    "advanced": ("t2", "NTM nâng cao"),
    "model": ("t3", "NTM kiểu mẫu"),
    "modern": ("t3", "NTM hiện đại"),
    "completed": ("seal", "Hoàn thành nhiệm vụ"),
    "urban-civilised": ("seal", "Đô thị văn minh"),
    "pilot": ("seal", "Đề án tỉnh NTM"),
}
CONFIDENCE_SIGNS = {"verified": "ok", "recalled": "open", "uncertain": "open", "placeholder": "open"}


@register.filter
def tier_name(code: str) -> str:
    """The words of a tier: advanced → NTM nâng cao."""
    return TIERS.get(code, ("", code))[1]


@register.filter
def so(value, decimals: int | None = None) -> str:
    """A number as Vietnamese write it: 1.234,5. Without `decimals`, as many as it has; None is a dash."""
    if value is None or value == "":
        return NOTHING
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if decimals is None:
        number = number.normalize() if number else Decimal(0)
        decimals = max(0, -int(number.as_tuple().exponent))
    number = number.quantize(Decimal(1).scaleb(-int(decimals)), rounding=ROUND_HALF_UP)
    sign = "−" if number < 0 else ""
    return sign + f"{abs(number):,.{int(decimals)}f}".translate(str.maketrans(",.", ".,"))


@register.filter
def phan_tram(value, decimals: int = 1) -> str:
    """Per cent, closed up: 36,2%; whole figures without a decimal. `value` is already in per cent."""
    if value is None or value == "":
        return NOTHING
    rounded = Decimal(so_cham(value)).quantize(Decimal(1).scaleb(-int(decimals)), rounding=ROUND_HALF_UP)
    return f"{so(rounded)}%"


@register.filter
def so_mot(value) -> str:
    """A number with one decimal at most: 99,4 · 100."""
    if value is None or value == "":
        return NOTHING
    return so(Decimal(str(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


@register.filter
def so_cham(value) -> str:
    """A number in plain machine form (31.4), for SVG attributes and `value=` of inputs."""
    return "" if value is None or value == "" else format(Decimal(str(value)), "f")


@register.filter
def dong(value) -> str:
    """Whole đồng: 95.539.000.000 đ."""
    return NOTHING if value is None else f"{so(value, 0)}{NBSP}đ"


@register.filter
def ty(value) -> str:
    """Đồng in milliards with three decimals, as reports write it: 95,539."""
    return NOTHING if value is None else so(Decimal(value) / BILLION, 3)


@register.filter
def ty_dong(value) -> str:
    """Đồng in milliards with the words: 95,539 tỷ đồng."""
    return NOTHING if value is None else f"{ty(value)}{NBSP}tỷ đồng"


@register.filter
def trieu(value) -> str:
    """Đồng in millions, exact to the đồng: 1.200 · 1.500,000001."""
    return NOTHING if value is None else so(Decimal(value) / MILLION)


@register.filter
def ngay(value) -> str:
    """21/02/2024, or 21/02/2024 14:05 for a moment (in local time)."""
    if not value:
        return NOTHING
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%d/%m/%Y}{NBSP}{local:%H:%M}"
    return f"{value:%d/%m/%Y}"


@register.simple_tag
def measure(value, value_type: str, unit: str = "", not_applicable: bool = False) -> str:
    """A value with its unit: 31,4% · 40,2 triệu đồng · Đạt. Empty is said in words."""
    if not_applicable:
        return "Không áp dụng"
    if value is None or value == "":
        return "Chưa có số liệu"
    if value_type == "boolean":
        return "Đạt" if value else "Chưa đạt"
    if value_type == "percent":
        return f"{so(value)}%"
    return f"{so(value)}{NBSP}{unit}" if unit else so(value)


@register.simple_tag
def required(operator: str, value, value_type: str, unit: str = "", grade: str = "") -> str:
    """A threshold: ≥ 45% · ≤ 5% · Đạt (mức B). A missing one is said in words."""
    if value is None or value == "":
        return "Chưa có ngưỡng"
    if operator == "is_true":
        return f"Đạt ({grade})" if grade and grade.casefold() != "đạt" else "Đạt"
    sign = {">=": "≥", "<=": "≤"}.get(operator, operator)
    return f"{sign}{NBSP}{measure(value, value_type, unit)}"


def optional_static_url(path: str) -> str:
    """Address of a static file, or "" where it was not built."""
    try:
        return staticfiles_storage.url(path)
    except ValueError:
        return ""


@register.simple_tag
def optional_static(path: str) -> str:
    """As `static`, but empty for a file that was not built (fonts)."""
    return optional_static_url(path)


@register.simple_tag
def icon(name: str, label: str = "", css: str = ""):
    """A sign of the sprite. Beside a word give no label; alone, the label is what a screen reader says."""
    href = f"{static('icons.svg')}#{name}"
    classes = f"i {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, href)


@register.simple_tag
def mh(shown=True):
    """The raised mark on one illustrative number; nothing when `shown` is false."""
    return (
        format_html('<sup class="m" title="{0}"><span aria-hidden="true">mh</span>{1}</sup>', MH, _hidden(f" ({MH})"))
        if shown
        else ""
    )


@register.simple_tag
def minh_hoa(shown=True, words: str = "số liệu minh hoạ"):
    """The dashed chip on a block that is illustrative as a whole; nothing when `shown` is false."""
    return format_html('<span class="mh">{}</span>', words) if shown else ""


@register.simple_tag
def verdict(value, reason: str = "", form: str = "full"):
    """Sign and word of a verdict. `reason` says why it is open (no_value, no_threshold, incomplete).

    `form`: full (sign and word), icon (sign alone, labelled), letter (Đ, CĐ, …).
    """
    sign, letter, word = verdict_words(value, reason)
    if form == "letter":
        return letter
    if form == "icon":
        return icon(sign, word, sign)
    return format_html('<span class="st {}">{}{}</span>', sign, icon(sign), word)


def verdict_words(value, reason: str = "") -> tuple[str, str, str]:
    """Icon, letter and word of a verdict."""
    if not value and reason in OPEN_REASONS:
        return OPEN_REASONS[reason]
    return VERDICTS[int(value or 0)]


@register.simple_tag
def dot(sign: str):
    """One dot of a criterion's row of dots: ok, bad, open, nil or na. Its words stand beside, so it is not read."""
    return icon(f"dot-{sign}", css=sign)


@register.simple_tag
def tier(code: str, form: str = "full"):
    """Sign and name of a tier: stacked bars for the three tiers of communes, a seal for the others."""
    sign, name = TIERS.get(code, ("seal", code))
    if form == "name":
        return name
    if form == "icon":
        return icon(sign, name, "ok")
    return format_html('<span class="st">{}{}</span>', icon(sign, css="ok"), name)


@register.simple_tag
def confidence(code: str, words: str):
    """How far a text was checked; verified says nothing, everything else is a visible state."""
    if code == "verified" or not code:
        return ""
    return format_html('<span class="tag t-line">{}{}</span>', icon(CONFIDENCE_SIGNS.get(code, "open")), words)


MH = "số liệu minh hoạ"


def _hidden(words: str):
    return format_html('<span class="vh">{}</span>', words)


@register.simple_tag
def map_key(words: dict[int, str], shape: int) -> str:
    """The words of a shape of the map."""
    return words.get(shape, NOTHING)


@register.simple_tag(takes_context=True)
def query(context, name: str, value="") -> str:
    """The page's own query string with `name` set to `value`; an empty value takes it out.

    What narrows a list begins it anew: the place in it (`sau`) is left out.
    """
    changed = context["request"].GET.copy()
    for gone in {name, "sau"}:
        changed.pop(gone, None)
    if value not in ("", None):
        changed[name] = value
    return f"?{changed.urlencode()}"
