"""What is kept of one exchange: the records of a request and of what came of it."""

import hashlib
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from facewitness.sources.preferences import MAX_STATEMENTS
from facewitness.sources.robots import PRODUCT
from facewitness.sources.website.answers import Answer, Kept
from facewitness.sources.website.job import Job, software_version
from facewitness.sources.website.warc_file import (
    WARC_FIELDS,
    Draft,
    Fields,
    WarcFiles,
    new_id,
    warc_fields,
    written_date,
)
from facewitness.terms.collecting import FetchRefusal
from facewitness.terms.provenance import ArchivedRecord, Preference

_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
_NOT_MODIFIED = _PROFILE + "server-not-modified"
_SAME_PAYLOAD = _PROFILE + "identical-payload-digest"


def about(job: Job) -> Fields:
    """What a `warcinfo` says."""
    return (
        ("software", f"Facewitness/{software_version()}"),
        ("format", "WARC File Format 1.1"),
        ("conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
        ("operator", f"{job.operator} ({job.contact})" if job.operator else job.contact),
        ("http-header-user-agent", job.agent),
        ("robots", f"obeyed (RFC 9309, product token {PRODUCT}); unreachable or withheld: nothing fetched"),
        ("isPartOf", job.source_id),
        ("description", f"{job.start} within {' '.join(job.scope)}"),
    )


class Keeper:
    """Writes exchanges into the archive."""

    def __init__(self, files: WarcFiles) -> None:
        self._files = files

    def response(self, answer: Answer, before: Kept | None = None) -> Kept:
        """The answer as it came; where its payload is what was archived `before`, only that it is."""
        digest = payload_digest(answer)
        if before is not None and before.digest == digest:
            self._revisit(answer, before, _SAME_PAYLOAD, (("WARC-Payload-Digest", digest),))
            return _with_validators(before, answer)
        fields = (("WARC-Payload-Digest", digest),)
        record = self._exchange(answer, "response", http_head(answer) + answer.body, fields)
        validators = answer.header("etag"), answer.header("last-modified")
        return Kept(record, written_date(answer.at), digest, *validators)

    def not_modified(self, answer: Answer, before: Kept) -> Kept:
        """The answer that nothing has changed since `before`."""
        self._revisit(answer, before, _NOT_MODIFIED, ())
        return _with_validators(before, answer)

    def refusal(self, answer: Answer, reason: FetchRefusal, said: Sequence[Preference] = ()) -> None:
        """That there was an answer whose content is not kept, why, and with which headers it came."""
        stated = [str(one) for one in said if one.reserves][:MAX_STATEMENTS]
        block = warc_fields(
            [
                ("refused", reason),
                *(("because", one) for one in stated),
                ("http-status", str(answer.status)),
                *(("http-header", f"{name}: {value}") for name, value in answer.headers),
            ]
        )
        self._write(answer, "metadata", WARC_FIELDS, block, ())

    def _revisit(self, answer: Answer, before: Kept, profile: str, more: Fields) -> None:
        fields = (
            ("WARC-Profile", profile),
            ("WARC-Refers-To", before.record.record_id),
            ("WARC-Refers-To-Target-URI", answer.url),
            ("WARC-Refers-To-Date", before.at),
            *more,
        )
        self._exchange(answer, "revisit", http_head(answer), fields)

    def _exchange(self, answer: Answer, kind: str, block: bytes, fields: Fields) -> ArchivedRecord:
        return self._write(answer, kind, "application/http;msgtype=response", block, fields)

    def _write(
        self, answer: Answer, kind: str, content_type: str, block: bytes, fields: Fields
    ) -> ArchivedRecord:
        place: Fields = (
            ("WARC-Target-URI", answer.url),
            *((("WARC-IP-Address", answer.ip),) if answer.ip else ()),
        )
        response_id, sent = new_id(), _request(answer)
        more = (*place, ("WARC-Block-Digest", _digest(block)), *fields)
        is_packed = answer.header("content-type").startswith("image/")
        record = self._files.add(
            Draft(kind, response_id, answer.at, content_type, block, more, is_packed and kind == "response")
        )
        asked = (*place, ("WARC-Block-Digest", _digest(sent)), ("WARC-Concurrent-To", response_id))
        self._files.add(
            Draft("request", new_id(), answer.at, "application/http;msgtype=request", sent, asked)
        )
        return record


def http_head(answer: Answer) -> bytes:
    """Status line and headers. Their names are written as Twisted gives them, in one case; the reason is that of
    the standard."""
    try:
        reason = HTTPStatus(answer.status).phrase
    except ValueError:
        reason = ""
    lines = [f"HTTP/1.1 {answer.status} {reason}", *(f"{name}: {value}" for name, value in answer.headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def payload_digest(answer: Answer) -> str:
    """The digest of the body as it came."""
    return _digest(answer.body)


def _request(answer: Answer) -> bytes:
    parts = urlsplit(answer.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in answer.asked_with), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def _with_validators(before: Kept, answer: Answer) -> Kept:
    etag, modified = answer.header("etag"), answer.header("last-modified")
    return Kept(before.record, before.at, before.digest, etag or before.etag, modified or before.modified)


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
