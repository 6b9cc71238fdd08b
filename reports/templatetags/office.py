"""The row of the office's pages under the bar of periods."""

from django import template

register = template.Library()

PAGES = (
    ("reports:why-province", "Vì sao chưa đạt"),
    ("reports:board", "Bảng xã × chỉ tiêu"),
    ("reports:map", "Bản đồ"),
    ("reports:nearest", "Gần đạt nhất"),
    ("reports:bottlenecks", "Điểm nghẽn"),
    ("reports:alarms", "Cảnh báo"),
    ("reports:targets", "Mục tiêu"),
    ("reports:trends", "Diễn biến"),
)


@register.inclusion_tag("reports/_office.html", takes_context=True)
def office_pages(context) -> dict[str, object]:
    """Links that keep the standpoint; the page of the moment is marked."""
    match = context["request"].resolver_match
    current = match.view_name if match else ""
    return {
        "pages": PAGES,
        "current": current,
        "query": context["standpoint"].query,
        "wide": context.get("wide", False),
    }
