"""The whole access policy on one page: permissions, roles, and what each role is attached to."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class Permission(StrEnum):
    """What a person may do. Scope (which area or department) is the appointment's."""

    SEE_DRAFTS = "see_drafts"  # values that are not approved yet, within scope
    ENTER = "enter"
    SUBMIT = "submit"
    VERIFY = "verify"
    APPRAISE = "appraise"
    APPROVE = "approve"
    RETURN = "return"
    UNLOCK = "unlock"
    MANAGE_ROUNDS = "manage_rounds"
    SET_THRESHOLDS = "set_thresholds"
    RECORD_DECISIONS = "record_decisions"
    SET_TARGETS = "set_targets"
    ASSIGN_DEPARTMENTS = "assign_departments"
    MANAGE_PEOPLE = "manage_people"
    KEEP_BOOK = "keep_book"  # villages, model residential areas and gardens of communes
    KEEP_OCOP = "keep_ocop"  # products, producers, markets, revenue
    RATE_OCOP = "rate_ocop"  # councils, certificates, revocations; by two people
    KEEP_LEDGER = "keep_ledger"  # sponsorship: money promised, received, spent, and what is asked for
    CHECK_LEDGER = "check_ledger"  # compare an entry of the ledger with its paper, as a second person
    CLOSE_LEDGER = "close_ledger"  # close and reopen a year of the ledger, record assignments of sponsors
    MAKE_DOCUMENTS = "make_documents"  # official reports of the province, sheets of a district
    SEE_AUDIT = "see_audit"  # who did what, within scope
    MANAGE_WEBHOOKS = "manage_webhooks"  # addresses of other systems that are told of public changes


class Role(models.TextChoices):
    COMMUNE_OFFICER = "commune_officer", "Cán bộ xã"
    DISTRICT_OFFICER = "district_officer", "Cán bộ huyện"
    DISTRICT_REVIEWER = "district_reviewer", "Người thẩm tra cấp huyện"
    DEPARTMENT_OFFICER = "department_officer", "Chuyên viên sở, ngành"
    PROVINCE_OFFICER = "province_officer", "Văn phòng Điều phối NTM tỉnh"
    ADMINISTRATOR = "administrator", "Quản trị"
    READER = "reader", "Người xem"


class AttachedTo(StrEnum):
    """What an appointment in a role must name."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"
    DEPARTMENT = "department"
    NOTHING = "nothing"


@dataclass(frozen=True)
class RoleSpec:
    attached_to: AttachedTo
    permissions: frozenset[Permission]


def _spec(attached_to: AttachedTo, *permissions: Permission) -> RoleSpec:
    return RoleSpec(attached_to, frozenset(permissions))


P = Permission
ROLES: dict[Role, RoleSpec] = {
    Role.COMMUNE_OFFICER: _spec(
        AttachedTo.COMMUNE, P.SEE_DRAFTS, P.ENTER, P.SUBMIT, P.KEEP_BOOK, P.KEEP_OCOP, P.KEEP_LEDGER
    ),
    Role.DISTRICT_OFFICER: _spec(
        AttachedTo.DISTRICT,
        P.SEE_DRAFTS,
        P.ENTER,
        P.SUBMIT,
        P.KEEP_BOOK,
        P.KEEP_OCOP,
        P.RATE_OCOP,
        P.KEEP_LEDGER,
        P.MAKE_DOCUMENTS,
        P.SEE_AUDIT,
    ),
    Role.DISTRICT_REVIEWER: _spec(
        AttachedTo.DISTRICT,
        P.SEE_DRAFTS,
        P.VERIFY,
        P.RETURN,
        P.RATE_OCOP,
        P.CHECK_LEDGER,
        P.MAKE_DOCUMENTS,
        P.SEE_AUDIT,
    ),
    # An appraiser who finds a wrong figure must be able to send it back (docs/adr/0004).
    Role.DEPARTMENT_OFFICER: _spec(AttachedTo.DEPARTMENT, P.SEE_DRAFTS, P.APPRAISE, P.RETURN),
    # ENTER, SUBMIT and VERIFY reach only where the procedure gives the step to the province
    # (the province's own sets; communes from 1 July 2025): criteria/rulebooks/procedure.yaml.
    Role.PROVINCE_OFFICER: _spec(
        AttachedTo.PROVINCE,
        P.SEE_DRAFTS,
        P.ENTER,
        P.SUBMIT,
        P.VERIFY,
        P.APPROVE,
        P.RETURN,
        P.UNLOCK,
        P.MANAGE_ROUNDS,
        P.SET_THRESHOLDS,
        P.RECORD_DECISIONS,
        P.SET_TARGETS,
        P.ASSIGN_DEPARTMENTS,
        P.KEEP_OCOP,
        P.RATE_OCOP,
        P.KEEP_LEDGER,
        P.CHECK_LEDGER,
        P.CLOSE_LEDGER,
        P.MAKE_DOCUMENTS,
        P.SEE_AUDIT,
        P.MANAGE_WEBHOOKS,
    ),
    Role.ADMINISTRATOR: _spec(AttachedTo.NOTHING, P.MANAGE_PEOPLE, P.MANAGE_WEBHOOKS),
    Role.READER: _spec(AttachedTo.PROVINCE, P.SEE_DRAFTS),
}


class Verb(models.TextChoices):
    """What a token may be used for; one without any reads what is public."""

    READ = "read", "Đọc giá trị chưa công bố"
    ENTER = "enter", "Nhập số liệu"
    STEPS = "steps", "Nộp, thẩm tra, thẩm định, phê duyệt, trả lại"
    CONNECT = "connect", "Khai báo webhook"


# Nothing else is ever done with a token: people, rounds, thresholds, decisions and money are kept on the pages.
PERMITTED_BY: dict[Verb, frozenset[Permission]] = {
    Verb.READ: frozenset({P.SEE_DRAFTS, P.SEE_AUDIT}),
    Verb.ENTER: frozenset({P.ENTER}),
    Verb.STEPS: frozenset({P.SUBMIT, P.VERIFY, P.APPRAISE, P.APPROVE, P.RETURN, P.UNLOCK}),
    Verb.CONNECT: frozenset({P.MANAGE_WEBHOOKS}),
}
WRITING = frozenset(Verb) - {Verb.READ}
