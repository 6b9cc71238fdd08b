"""Who may read and write what: one row for every route of the portal.

A row says who may read: `anyone`, `signed_in`, `holding` a permission anywhere, `inside`: holding it for the unit of
the address. `write=` says the same of POST (for the API: of the method that its route takes). The generator
(`matrix.py`) asks every route as everybody, for each of the six units where the address names one.

Names in an address are filled from `PARAMS`; a row overrides them with keywords. `query` is added to a GET, each of
several in turn.
"""

from dataclasses import dataclass, field
from typing import Any

from accounts.roles import Permission as P

ANYONE, SIGNED_IN, HOLDING, INSIDE, NOBODY = "anyone", "signed in", "holding", "inside", "nobody"
FOLDER = "folder"


@dataclass(frozen=True)
class Rule:
    """Who: everybody, whoever signed in, holders of one of the permissions, or holders for the unit of the address."""

    who: str
    permissions: tuple[P, ...] = ()


@dataclass(frozen=True)
class Row:
    read: Rule
    write: Rule
    queries: tuple[str, ...] = ("",)
    params: dict[str, Any] = field(default_factory=dict)
    # Absent for some of the six by nature: the address is public, and the object exists for some units only.
    may_be_absent: bool = False
    # Methods beside the one that is asked in general, for whoever may write.
    also: tuple[str, ...] = ()


Query = str | tuple[str, ...]


def _each(query: Query) -> tuple[str, ...]:
    return (query,) if isinstance(query, str) else query


NOT_READ, NOT_WRITTEN = Rule(NOBODY), Rule(NOBODY)


def anyone(query: Query = "", *, write: Rule = NOT_WRITTEN, may_be_absent: bool = False, **params: Any) -> Row:
    return Row(Rule(ANYONE), write, _each(query), params, may_be_absent)


def signed_in(query: Query = "", *, write: Rule = NOT_WRITTEN, **params: Any) -> Row:
    return Row(Rule(SIGNED_IN), write, _each(query), params)


def holding(
    *permissions: P, query: Query = "", write: Rule = NOT_WRITTEN, may_be_absent: bool = False, **params: Any
) -> Row:
    return Row(Rule(HOLDING, permissions), write, _each(query), params, may_be_absent)


def inside(
    *permissions: P, query: Query = "", write: Rule = NOT_WRITTEN, may_be_absent: bool = False, **params: Any
) -> Row:
    return Row(Rule(INSIDE, permissions), write, _each(query), params, may_be_absent)


def folder(*, write: Rule = NOT_WRITTEN, **params: Any) -> Row:
    """The folder of a unit: for whoever sees its drafts, and for departments with the values that they lead."""
    return Row(Rule(FOLDER), write, ("",), params)


def written_by(*permissions: P, **params: Any) -> Row:
    """Only POST, by holders anywhere."""
    return Row(NOT_READ, Rule(HOLDING, permissions), params=params)


def written_inside(*permissions: P, **params: Any) -> Row:
    """Only POST, by holders for the unit of the address."""
    return Row(NOT_READ, Rule(INSIDE, permissions), params=params)


def by(*permissions: P) -> Rule:
    return Rule(HOLDING, permissions)


def within(*permissions: P) -> Rule:
    return Rule(INSIDE, permissions)


SEES, ENTERS = P.SEE_DRAFTS, P.ENTER
PEOPLE = P.MANAGE_PEOPLE
STEPS = (P.VERIFY, P.APPRAISE, P.APPROVE)

# How the names in addresses are filled: from the unit (`u`), the world (`w`), or as they stand.
PARAMS: dict[str, Any] = {
    "area_code": lambda w, u: u.area.code,
    "area_id": lambda w, u: u.area.pk,
    "assessment_id": lambda w, u: u.folder.pk,
    "assessment": lambda w, u: u.folder.pk,
    "round_id": lambda w, u: u.folder.round_id,
    "reading_id": lambda w, u: u.draft.pk,
    "evidence_id": lambda w, u: u.evidence.pk,
    "input_id": lambda w, u: u.draft.input_id,
    "criterion_id": lambda w, u: u.draft.input.indicator.criterion_id,
    "indicator_id": lambda w, u: u.draft.input.indicator_id,
    "threshold_id": lambda w, u: w.first("criteria.Threshold"),
    "year": 2024,
}
EVIDENCE_KEY = {"key": lambda w, u: u.evidence.file.key}
SCAN_KEY = {"key": lambda w, u: u.scan.file.key}
UNIT = {"code": lambda w, u: u.area.code}
READING = {"pk": lambda w, u: u.draft.pk}
FOLDER = {"pk": lambda w, u: u.folder.pk}


def first(model: str, value: str = "pk") -> Any:
    """The first row of a model of the seed."""
    return lambda w, u: w.first(model, value)


def somebodys(name: str, value: str) -> Any:
    """Of the person `name` of the world."""
    return lambda w, u: w.about(name, value)


PRODUCT = {"code": lambda w, u: u.product.code}
GIFT = {"pk": lambda w, u: u.gift.pk}
VILLAGE = {"kind": "thon", "pk": lambda w, u: u.village.pk if u.village else 0}
PERSON = {"pk": somebodys("reader", lambda user: user.pk)}
APPOINTMENT = {"appointment_pk": somebodys("reader", lambda user: user.appointments.get().pk)}
OWN_TOKEN = {"pk": somebodys("token for reading", lambda user: user.tokens.get().pk)}
LEDGER = (P.KEEP_LEDGER,)
WEBHOOK = {"pk": first("exchange.Webhook")}

ROUTES: dict[str, Row] = {
    # --- the frame ---
    "alive": anyone(),
    "ready": anyone(),
    "api:unknown": anyone(may_be_absent=True),
    # --- API: territory, law ---
    "api:commune-list": anyone(),
    "api:commune-detail": anyone("as_of=2024-12-31", may_be_absent=True, **UNIT),
    "api:district-list": anyone(),
    "api:district-detail": anyone("as_of=2024-12-31", may_be_absent=True, **UNIT),
    "api:province-list": anyone(),
    "api:province-detail": anyone(code="42"),
    "api:criteria-set-list": anyone(),
    "api:criteria-set-detail": anyone(slug="commune-ntm-2021-2025"),
    "api:indicator-list": anyone(),
    "api:indicator-detail": anyone(pk=first("criteria.Indicator")),
    "api:period-list": anyone(),
    "api:period-detail": anyone(code="2024"),
    "api:round-list": anyone(),
    "api:round-detail": anyone(pk=first("criteria.Round")),
    # --- API: values ---
    "api:reading-list": anyone(("limit=1000&state=draft", "limit=1000&state=submitted", "state=draft&limit=1")),
    "api:reading-detail": inside(SEES, write=within(ENTERS), **READING),
    "api:reading-appraise": written_inside(P.APPRAISE, pk=lambda w, u: u.sent.pk),
    "api:reading-approve": written_inside(P.APPROVE, pk=lambda w, u: u.sent.pk),
    "api:reading-return": written_inside(P.RETURN, pk=lambda w, u: u.sent.pk),
    "api:reading-unlock": written_inside(P.UNLOCK, pk=lambda w, u: u.sent.pk),
    "api:reading-batch": Row(NOT_READ, Rule(SIGNED_IN)),
    "api:reading-steps": Row(NOT_READ, Rule(SIGNED_IN)),
    "api:assessment-list": anyone("limit=1000"),
    "api:assessment-detail": anyone(**FOLDER),
    "api:assessment-submit": written_inside(P.SUBMIT, **FOLDER),
    "api:assessment-verify": written_inside(P.VERIFY, **FOLDER),
    "api:attainment-list": anyone("limit=1000"),
    "api:attainment-detail": anyone(may_be_absent=True),
    "api:explain": anyone(may_be_absent=True, unit=lambda w, u: u.area.code, period="2024"),
    "api:roll-up-list": anyone("limit=1000"),
    "api:roll-up-detail": anyone(pk=first("criteria.RollUp")),
    "api:recognition-list": anyone(),
    "api:recognition-detail": anyone(pk=first("criteria.Recognition")),
    "api:target-list": anyone(),
    "api:target-detail": anyone(pk=first("criteria.Target")),
    "api:summary": anyone("year=2024"),
    "api:explanation": anyone("period=2024", may_be_absent=True, **UNIT),
    # --- API: registers ---
    "api:ocop-product-list": anyone("limit=1000"),
    "api:ocop-product-detail": anyone(**PRODUCT),
    "api:sponsor-list": anyone("limit=1000"),
    "api:sponsor-detail": anyone(may_be_absent=True, pk=lambda w, u: u.gift.sponsor_id),
    "api:assignment-list": anyone(),
    "api:assignment-detail": anyone(pk=first("sponsorship.Assignment")),
    "api:pledge-list": anyone("limit=1000"),
    "api:pledge-detail": anyone(pk=lambda w, u: u.pledge.pk),
    "api:contribution-list": anyone("limit=1000"),
    "api:contribution-detail": anyone(**GIFT),
    "api:disbursement-list": anyone(),
    "api:disbursement-detail": anyone(pk=first("sponsorship.Disbursement")),
    "api:funding-list": anyone(),
    "api:funding-detail": anyone(pk=first("sponsorship.Funding")),
    "api:arrears-list": anyone(),
    "api:arrears-detail": anyone(pk=first("sponsorship.Arrears")),
    "api:sponsorship-totals": anyone("year=2024"),
    "api:sponsorship-gaps": anyone(),
    # --- API: for other systems ---
    "api:changes": anyone("limit=1000"),
    "api:catalogue": anyone(),
    "api:code-lists": anyone(),
    "api:code-list": anyone(name="units"),
    "api:status": anyone(),
    "api:webhook-list": holding(P.MANAGE_WEBHOOKS, write=by(P.MANAGE_WEBHOOKS)),
    "api:webhook-detail": Row(by(P.MANAGE_WEBHOOKS), by(P.MANAGE_WEBHOOKS), params=WEBHOOK, also=("DELETE",)),
    "api:webhook-deliveries": holding(P.MANAGE_WEBHOOKS, **WEBHOOK),
    "api:webhook-replay": written_by(P.MANAGE_WEBHOOKS, **WEBHOOK),
    "api:webhook-replay-one": written_by(P.MANAGE_WEBHOOKS, delivery=0, **WEBHOOK),
    "api:webhook-secret": written_by(P.MANAGE_WEBHOOKS, **WEBHOOK),
    # --- API: tokens and the contract ---
    "api:token": Row(NOT_READ, Rule(ANYONE)),
    "api:logout": Row(NOT_READ, Rule(SIGNED_IN)),
    "api:schema": anyone(),
    "api:docs": anyone(),
    # --- sign-in, people, tokens ---
    "accounts:sign-in": anyone(write=Rule(ANYONE)),
    "accounts:sign-out": anyone(write=Rule(ANYONE)),
    "accounts:password": signed_in(write=Rule(SIGNED_IN)),
    "accounts:people": holding(PEOPLE),
    "accounts:person-new": holding(PEOPLE, write=by(PEOPLE)),
    "accounts:person": holding(PEOPLE, **PERSON),
    "accounts:person-appoint": holding(PEOPLE, write=by(PEOPLE), **PERSON),
    "accounts:appointment-end": holding(PEOPLE, write=by(PEOPLE), **PERSON, **APPOINTMENT),
    "accounts:person-suspend": written_by(PEOPLE, **PERSON),
    "accounts:person-reinstate": written_by(PEOPLE, **PERSON),
    "accounts:person-reset": written_by(PEOPLE, **PERSON),
    "accounts:hand-over": holding(PEOPLE, write=by(PEOPLE), **PERSON, **APPOINTMENT),
    "accounts:delegations": signed_in(),
    "accounts:delegate": holding(
        PEOPLE, write=by(PEOPLE), appointment_pk=somebodys("token for reading", lambda user: user.appointments.get().pk)
    ),
    "accounts:recall": written_by(
        PEOPLE, appointment_pk=somebodys("token for reading", lambda user: user.appointments.get().pk)
    ),
    "accounts:tokens": signed_in(),
    "accounts:token-new": signed_in(write=Rule(SIGNED_IN)),
    "accounts:tokens-end": Row(NOT_READ, Rule(SIGNED_IN)),
    # Nobody but its owner, whom no browser here belongs to: absent for everybody.
    "accounts:token-rotate": Row(NOT_READ, NOT_WRITTEN, params=OWN_TOKEN),
    "accounts:token-end": Row(NOT_READ, NOT_WRITTEN, params=OWN_TOKEN),
    "accounts:person-token-end": written_by(
        PEOPLE,
        pk=somebodys("token for reading", lambda user: user.pk),
        token_pk=somebodys("token for reading", lambda user: user.tokens.get().pk),
    ),
    "accounts:person-tokens-end": written_by(PEOPLE, pk=somebodys("token for reading", lambda user: user.pk)),
    # --- other systems ---
    "exchange:developers": anyone(),
    "exchange:datasets": anyone(),
    "exchange:code-lists": anyone(),
    "exchange:code-list": anyone("tim=BIMAT", name="units"),
    "exchange:changelog": anyone(),
    "exchange:status": anyone(),
    "exchange:webhooks": holding(P.MANAGE_WEBHOOKS),
    "exchange:webhook-new": holding(P.MANAGE_WEBHOOKS, write=by(P.MANAGE_WEBHOOKS)),
    "exchange:webhook": holding(P.MANAGE_WEBHOOKS, **WEBHOOK),
    "exchange:webhook-edit": holding(P.MANAGE_WEBHOOKS, write=by(P.MANAGE_WEBHOOKS), **WEBHOOK),
    "exchange:webhook-on": written_by(P.MANAGE_WEBHOOKS, **WEBHOOK),
    "exchange:webhook-off": written_by(P.MANAGE_WEBHOOKS, **WEBHOOK),
    "exchange:webhook-secret": written_by(P.MANAGE_WEBHOOKS, **WEBHOOK),
    "exchange:webhook-remove": written_by(P.MANAGE_WEBHOOKS, **WEBHOOK),
    "exchange:webhook-replay": written_by(P.MANAGE_WEBHOOKS, **WEBHOOK),
    "exchange:delivery-replay": written_by(P.MANAGE_WEBHOOKS, delivery=0, **WEBHOOK),
    # --- what everybody reads ---
    "reports:home": anyone(),
    "reports:district": anyone(may_be_absent=True, **UNIT),
    "reports:search": anyone("q=BIMAT"),
    "reports:communes": anyone(),
    "reports:commune": anyone("ky=2024", may_be_absent=True, **UNIT),
    "reports:hall": anyone(),
    "reports:opendata": anyone(),
    "reports:dataset": anyone(name="xa"),
    "reports:map": anyone(),
    "reports:dwelling": anyone(),
    "reports:why-province": anyone(),
    "reports:why": anyone("ky=2024", may_be_absent=True, **UNIT),
    "reports:why-criterion": anyone("ky=2024", may_be_absent=True, criterion="17", **UNIT),
    "reports:why-indicator": anyone("ky=2024", may_be_absent=True, criterion="17", indicator="17.1", **UNIT),
    "reports:board": anyone("ky=2024"),
    "reports:board-export": anyone("ky=2024"),
    "reports:board-cell": anyone("ky=2024", may_be_absent=True, indicator="17.1", **UNIT),
    "reports:nearest": anyone("ky=2024"),
    "reports:bottlenecks": anyone("ky=2024"),
    "reports:alarms": anyone("ky=2024"),
    "reports:targets": anyone(may_be_absent=True),
    "reports:trends": anyone(),
    "reports:documents": holding(P.MAKE_DOCUMENTS, write=by(P.MAKE_DOCUMENTS)),
    "reports:document": holding(P.MAKE_DOCUMENTS, may_be_absent=True, pk=first("reports.Document")),
    "reports:document-cancel": written_by(P.MAKE_DOCUMENTS, pk=first("reports.Document")),
    "reports:document-file": holding(P.MAKE_DOCUMENTS, may_be_absent=True, pk=first("reports.Document"), kind="pdf"),
    "reports:verify-any": anyone(),
    "reports:verify": anyone(may_be_absent=True, code="XXXX-XXXX-XXXX"),
    # --- the book of a commune ---
    "communes:register": anyone(),
    "communes:book-of": inside(SEES, may_be_absent=True),
    "communes:book": inside(SEES, may_be_absent=True, kind="thon"),
    "communes:row-new": written_inside(P.KEEP_BOOK, kind="thon"),
    "communes:rows-paste": written_inside(P.KEEP_BOOK, kind="thon"),
    "communes:row": inside(P.KEEP_BOOK, may_be_absent=True, write=within(P.KEEP_BOOK), **VILLAGE),
    "communes:row-end": written_inside(P.KEEP_BOOK, **VILLAGE),
    # --- the desk ---
    "criteria:my-work": signed_in(),
    "criteria:cells": signed_in("gia-tri=1", write=Rule(SIGNED_IN)),
    "criteria:indicator-entry-first": holding(SEES, may_be_absent=True, round_id=lambda w, u: w.round.pk),
    "criteria:indicator-entry": holding(SEES, may_be_absent=True, write=by(ENTERS), round_id=lambda w, u: w.round.pk),
    "criteria:entry": folder(write=within(ENTERS)),
    "criteria:submit": folder(write=within(P.SUBMIT)),
    "criteria:leave-blank": written_inside(ENTERS),
    "criteria:stand-by": written_inside(ENTERS),
    "criteria:paper": folder(),
    "criteria:sheet-scan": written_inside(ENTERS),
    "criteria:board": holding(SEES, may_be_absent=True),
    "criteria:board-of": holding(SEES, may_be_absent=True, round_id=lambda w, u: w.round.pk),
    "criteria:remind": written_by(*STEPS),
    "criteria:board-unit": folder(),
    "criteria:trail": holding(P.SEE_AUDIT),
    "criteria:trail-export": written_by(P.SEE_AUDIT),
    "criteria:imports": signed_in(write=by(ENTERS)),
    "criteria:workbook": holding(ENTERS, may_be_absent=True, round_id=lambda w, u: w.round.pk),
    "criteria:review": signed_in(),
    "criteria:appraise": Row(NOT_READ, Rule(SIGNED_IN)),
    "criteria:accept": signed_in("buoc=approve", write=Rule(SIGNED_IN)),
    "criteria:verify-values": Row(NOT_READ, Rule(SIGNED_IN)),
    "criteria:approve": Row(NOT_READ, Rule(SIGNED_IN)),
    "criteria:verify": folder(write=within(P.VERIFY)),
    "criteria:review-item": inside(SEES, reading_id=lambda w, u: u.sent.pk),
    "criteria:return": written_inside(P.RETURN, reading_id=lambda w, u: u.sent.pk),
    "criteria:unlock": written_inside(P.UNLOCK),
    "criteria:panel": inside(SEES),
    "criteria:panel-history": inside(SEES),
    "criteria:panel-comment": written_inside(SEES),
    "criteria:panel-resolve": written_inside(SEES),
    "criteria:evidence-attach": written_inside(ENTERS),
    "criteria:evidence-carry": written_inside(ENTERS),
    "criteria:evidence-file": inside(SEES, may_be_absent=True, **EVIDENCE_KEY),
    "criteria:evidence-remove": written_inside(ENTERS),
    "criteria:scan": inside(SEES, may_be_absent=True, **SCAN_KEY),
    # --- law, decisions, plans, rounds ---
    "criteria:decisions": anyone(),
    "criteria:decision": anyone(pk=first("criteria.Decision")),
    "criteria:decision-new": holding(P.RECORD_DECISIONS, write=by(P.RECORD_DECISIONS)),
    "criteria:decision-scan": written_by(P.RECORD_DECISIONS, pk=first("criteria.Decision")),
    "criteria:decision-step": written_by(P.RECORD_DECISIONS, pk=first("criteria.Decision"), step="doi-chieu"),
    "criteria:thresholds": holding(P.SET_THRESHOLDS),
    "criteria:threshold-new": holding(P.SET_THRESHOLDS, write=by(P.SET_THRESHOLDS)),
    "criteria:threshold-confirm": written_by(P.SET_THRESHOLDS),
    "criteria:departments": holding(P.ASSIGN_DEPARTMENTS),
    "criteria:department-assign": holding(P.ASSIGN_DEPARTMENTS, write=by(P.ASSIGN_DEPARTMENTS)),
    "criteria:sets": anyone(),
    "criteria:set": anyone(slug="commune-ntm-2021-2025"),
    "criteria:plan-years": holding(P.SET_TARGETS),
    "criteria:plan": holding(P.SET_TARGETS),
    "criteria:target-new": holding(P.SET_TARGETS, write=by(P.SET_TARGETS)),
    "criteria:target": holding(
        P.SET_TARGETS,
        write=by(P.SET_TARGETS),
        measure=first("criteria.Target", "measure"),
        year=first("criteria.Target", "year"),
    ),
    "criteria:merit-years": holding(P.RECORD_DECISIONS),
    "criteria:commendations": holding(P.RECORD_DECISIONS, write=by(P.RECORD_DECISIONS)),
    "criteria:commendation": holding(
        P.RECORD_DECISIONS, write=by(P.RECORD_DECISIONS), pk=first("criteria.Commendation")
    ),
    "criteria:commendation-remove": written_by(P.RECORD_DECISIONS, pk=first("criteria.Commendation")),
    "criteria:rounds": holding(P.MANAGE_ROUNDS, write=by(P.MANAGE_ROUNDS)),
    "criteria:round": holding(P.MANAGE_ROUNDS, may_be_absent=True),
    "criteria:round-extend-unit": written_by(P.MANAGE_ROUNDS),
    "criteria:round-close": written_by(P.MANAGE_ROUNDS),
    "criteria:round-extend": written_by(P.MANAGE_ROUNDS),
    "criteria:round-reopen": written_by(P.MANAGE_ROUNDS),
    # --- tables that somebody sent: the sender's own ---
    "criteria:import": Row(NOT_READ, NOT_WRITTEN, params={"import_id": 0}),
    "criteria:import-apply": Row(NOT_READ, NOT_WRITTEN, params={"import_id": 0}),
    "criteria:import-cancel": Row(NOT_READ, NOT_WRITTEN, params={"import_id": 0}),
    "criteria:import-faults": Row(NOT_READ, NOT_WRITTEN, params={"import_id": 0}),
    # --- OCOP ---
    "ocop:list": anyone("q=BIMAT"),
    "ocop:summary": anyone(),
    "ocop:summary-of": anyone(district="444"),
    "ocop:export": anyone(),
    "ocop:intake": holding(P.KEEP_OCOP, write=by(P.KEEP_OCOP)),
    "ocop:product-new": holding(P.KEEP_OCOP, write=by(P.KEEP_OCOP)),
    "ocop:queues": holding(P.KEEP_OCOP, P.RATE_OCOP),
    "ocop:queue": holding(P.KEEP_OCOP, P.RATE_OCOP, slug="sap-het-han"),
    "ocop:queue-remind": written_inside(P.KEEP_OCOP, P.RATE_OCOP, slug="sap-het-han", **PRODUCT),
    "ocop:linked": signed_in(write=Rule(SIGNED_IN)),
    "ocop:rules": signed_in(write=by(P.SET_THRESHOLDS)),
    "ocop:rounds": holding(P.RATE_OCOP, write=by(P.RATE_OCOP)),
    "ocop:round": holding(P.RATE_OCOP, may_be_absent=True, write=by(P.RATE_OCOP), pk=first("ocop.RatingRound")),
    "ocop:minutes": holding(P.RATE_OCOP, may_be_absent=True, pk=first("ocop.RatingRound")),
    "ocop:entry": holding(P.RATE_OCOP, may_be_absent=True, write=by(P.RATE_OCOP), pk=first("ocop.Entry")),
    "ocop:conclude": written_by(P.RATE_OCOP, pk=first("ocop.Entry")),
    "ocop:settle": written_by(P.RATE_OCOP, pk=first("ocop.Entry")),
    "ocop:send-back": written_by(P.RATE_OCOP, pk=first("ocop.Entry")),
    "ocop:product": anyone(**PRODUCT),
    "ocop:photo": anyone(may_be_absent=True, **PRODUCT),
    "ocop:photo-set": written_inside(P.KEEP_OCOP, **PRODUCT),
    "ocop:product-edit": inside(P.KEEP_OCOP, write=within(P.KEEP_OCOP), **PRODUCT),
    "ocop:market-add": written_inside(P.KEEP_OCOP, **PRODUCT),
    "ocop:market-remove": written_inside(P.KEEP_OCOP, pk=0, **PRODUCT),
    "ocop:revenue-set": written_inside(P.KEEP_OCOP, **PRODUCT),
    "ocop:producer-stop": written_inside(P.KEEP_OCOP, **PRODUCT),
    "ocop:certificate-new": written_inside(P.RATE_OCOP, **PRODUCT),
    "ocop:certificate-confirm": written_inside(P.RATE_OCOP, **PRODUCT),
    "ocop:certificate-remind": written_inside(P.KEEP_OCOP, P.RATE_OCOP, **PRODUCT),
    "ocop:revocation-ask": written_inside(P.RATE_OCOP, **PRODUCT),
    "ocop:revocation-grant": written_inside(P.RATE_OCOP, **PRODUCT),
    "ocop:revocation-keep": written_inside(P.RATE_OCOP, **PRODUCT),
    # --- money ---
    "sponsorship:overview": anyone(),
    "sponsorship:breakdown": anyone(split="nha-tai-tro"),
    "sponsorship:close": written_by(P.CLOSE_LEDGER),
    "sponsorship:reopen": written_by(P.CLOSE_LEDGER),
    "sponsorship:entries": anyone("q=BIMAT"),
    "sponsorship:entry-new": holding(*LEDGER, write=by(*LEDGER)),
    "sponsorship:imports": holding(*LEDGER, write=by(*LEDGER)),
    "sponsorship:blank": signed_in(),
    "sponsorship:export": anyone(),
    "sponsorship:export-csv": anyone(),
    "sponsorship:entry": anyone(**GIFT),
    "sponsorship:confirm": written_inside(P.CHECK_LEDGER, **GIFT),
    "sponsorship:reverse": written_inside(*LEDGER, **GIFT),
    "sponsorship:entry-again": inside(*LEDGER, may_be_absent=True, write=within(*LEDGER), **GIFT),
    "sponsorship:spend": written_inside(*LEDGER, **GIFT),
    "sponsorship:take-back": written_inside(*LEDGER, spent_id=0, **GIFT),
    "sponsorship:receipt": inside(SEES, **GIFT),
    "sponsorship:thanks": inside(SEES, **GIFT),
    "sponsorship:sponsors": anyone("q=BIMAT"),
    "sponsorship:sponsor": anyone(may_be_absent=True, pk=lambda w, u: u.gift.sponsor_id),
    "sponsorship:sponsor-new": holding(*LEDGER, write=by(*LEDGER)),
    "sponsorship:sponsor-edit": holding(
        P.CLOSE_LEDGER, may_be_absent=True, write=by(P.CLOSE_LEDGER), pk=lambda w, u: u.gift.sponsor_id
    ),
    "sponsorship:assign": written_by(P.CLOSE_LEDGER, pk=lambda w, u: u.gift.sponsor_id),
    "sponsorship:pledge-new": holding(*LEDGER, write=by(*LEDGER)),
    "sponsorship:pledge-withdraw": written_inside(*LEDGER, pk=lambda w, u: u.pledge.pk),
    "sponsorship:gaps": anyone(),
    "sponsorship:need": inside(*LEDGER, may_be_absent=True, write=within(*LEDGER)),
    "sponsorship:funding": anyone(),
    "sponsorship:funding-sheet": inside(*LEDGER, write=within(*LEDGER)),
}
