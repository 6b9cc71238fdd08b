"""A node of the explanation tree as plain data, for the API: names in English, words in Vietnamese."""

from typing import Any

from django.urls import reverse

from criteria.models import Recognition, Verdict
from reports.queries.explained import CriterionRow, IndicatorRow, Value
from reports.queries.tree import Member, Node

Words = dict[str, Any]


def in_words(node: Node) -> Words:
    """The node and everything below it within the unit; the units below are named with their own addresses."""
    standpoint, explanation = node.standpoint, node.explanation
    rows = [node.criterion] if node.criterion else _why_not_first(node)
    return {
        "unit": {"code": node.area.code, "name": node.area.name, "level": node.area.level, "kind": node.area.kind},
        "district": {"code": node.district.code, "name": node.district.name} if node.district else None,
        "period": standpoint.period.code if standpoint.period else None,
        "official": standpoint.is_official,
        "as_of": standpoint.as_of.isoformat() if standpoint.as_of else None,
        "computed_at": standpoint.computed_at,
        "run": standpoint.run,
        "set": explanation.criteria_set.slug if explanation else None,
        "tier": node.tier or None,
        "verdict": _verdict(node.verdict),
        "recognised": _recognised(node.recognition),
        "criteria_met": explanation.attainment.criteria_met if explanation else None,
        "criteria_total": explanation.total if explanation else None,
        "is_illustrative": explanation.is_illustrative if explanation else False,
        "criteria": [_criterion(node, row) for row in rows],
        "members": [_member(member) for member in node.members],
        "page": _page(node),
    }


def _why_not_first(node: Node) -> list[CriterionRow]:
    found = node.explanation
    return [*found.failing, *found.open, *found.holding] if found else []


def _criterion(node: Node, row: CriterionRow) -> Words:
    wanted = [node.indicator] if node.indicator else [*row.failing, *row.open, *row.holding]
    return {
        "code": row.criterion.code,
        "name": row.criterion.name,
        "role": row.criterion.role,
        "verdict": _verdict(row.verdict),
        "reason": row.reason if row.verdict == Verdict.UNDETERMINED else None,
        "indicators_met": row.met,
        "indicators_total": row.total,
        "indicators": [_indicator(node, each) for each in wanted],
    }


def _indicator(node: Node, row: IndicatorRow) -> Words:
    return {
        "code": row.indicator.code,
        "name": row.indicator.name,
        "verdict": _verdict(row.verdict),
        "reason": row.reason if row.verdict == Verdict.UNDETERMINED else None,
        "values": [_value(node, value) for value in row.values],
    }


def _value(node: Node, value: Value) -> Words:
    threshold = value.threshold
    files = node.evidence.get(value.reading.pk, []) if value.reading else []
    return {
        "input": value.entry.code,
        "name": value.entry.name,
        "value": value.number,
        "unit": value.entry.unit,
        "not_applicable": bool(value.reading and value.reading.not_applicable),
        "counts": value.counts,
        "verdict": _verdict(value.verdict),
        "operator": value.entry.operator,
        "threshold": threshold.value if threshold else None,
        "requirement": value.requirement,
        "legal_reference": threshold.legal_reference if threshold else None,
        "confidence": threshold.confidence if threshold else None,
        "gap": value.gap or None,
        "is_illustrative": bool(value.reading and value.reading.is_illustrative),
        "counted": value.detail or None,
        "steps": [{"step": step.word, "who": step.who, "at": step.at} for step in value.steps],
        "evidence": [{"name": file.name, "size": file.file.size, "sha256": file.file.sha256} for file in files],
    }


def _member(member: Member) -> Words:
    return {
        "code": member.area.code,
        "name": member.area.name,
        "holds": member.holds,
        "recognised": _recognised(member.recognition),
        "verdict": _verdict(member.verdict),
        "criteria_met": member.result.met if member.result else None,
        "criteria_total": member.result.total if member.result else None,
    }


def _recognised(row: Recognition | None) -> Words | None:
    if row is None:
        return None
    number = row.decision.number if row.decision else ""
    return {"tier": row.tier, "decision": number or None, "counts_from": row.counts_from}


def _verdict(verdict: Verdict) -> str:
    return Verdict(verdict).name.lower()


def _page(node: Node) -> str:
    """The address of the same node for people."""
    args = [node.area.code]
    if node.criterion:
        args.append(node.criterion.criterion.code)
    if node.indicator:
        args.append(node.indicator.indicator.code)
    view = {"unit": "reports:why", "criterion": "reports:why-criterion", "indicator": "reports:why-indicator"}[
        node.kind
    ]
    query = "&".join(filter(None, (node.standpoint.query, f"bac={node.tier}" if node.tier else "")))
    return f"{reverse(view, args=args)}?{query}"
