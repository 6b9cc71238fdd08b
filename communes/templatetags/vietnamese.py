"""Numbers and dates the Vietnamese way: 1.234,5 · 21/02/2024."""

from django import template

register = template.Library()
