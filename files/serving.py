"""Handing a stored file over: as a download that no browser takes for a page."""

from django.http import FileResponse
from django.utils.http import content_disposition_header

from files import storage

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Damaged(Exception):
    """The stored file is missing, or not what was stored."""


def download(*, key: str, sha256: str, kind: str, name: str) -> FileResponse:
    """The file as an attachment, compared with its checksum first. Raises Damaged."""
    if not storage.is_whole(key, sha256):
        raise Damaged(key)
    response = FileResponse(storage.path_of(key).open("rb"), content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
