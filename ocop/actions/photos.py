"""The photograph of a product: looked into, written anew without its hidden data, kept in the store."""

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from criteria.actions import taking
from criteria.models import StoredFile
from files import storage
from files.receiving import FULL, Received
from ocop.actions.shared import held, tell
from ocop.models import Product


def set_photo(*, product: Product, received: Received, by: User) -> Product:
    """Put a photograph on the product's page; the one before stays in the store.

    The content is looked into before anything is locked. Raises OutOfScope, Refused (size, kind, content), NoSpace.
    """
    _require_reach(product, by)
    try:
        kind = _picture(received)
        key = storage.keep(received.path)
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise taking.NoSpace(taking.NO_ROOM, field="photo") from error
    try:
        return _written(product, key, kind, by)
    except Refused:
        storage.discard(key)
        raise


def _picture(received: Received) -> str:
    """The kind of the photograph, written anew in its place; a refusal stands at its own field."""
    try:
        taking.require_whole(received)
        return taking.looked_into(received, ("jpeg", "png"))
    except taking.NoSpace:
        raise
    except Refused as refusal:
        raise Refused(refusal.message, field="photo", code=refusal.code) from refusal


@transaction.atomic
def _require_reach(product: Product, by: User) -> None:
    held(product.pk, by)


@transaction.atomic
def _written(product: Product, key: str, kind: str, by: User) -> Product:
    stored = held(product.pk, by)
    path = storage.path_of(key)
    stored.photo = StoredFile.objects.create(
        key=key,
        kind=kind,
        size=path.stat().st_size,
        sha256=storage.digest(path),
        stored_by=by,
        stored_at=timezone.now(),
    )
    stored.version += 1
    stored.save(update_fields=["photo", "version"])
    tell("product.photo", stored, stored.area, by, name=stored.name, sha256=stored.photo.sha256)
    return stored
