"""The source's own archive: what is written to it now, and what it holds from earlier."""

from pathlib import Path

from facewitness.sources.webarchive.reading import archived
from facewitness.sources.website.answers import Answer, Kept
from facewitness.sources.website.contents import MAX_CONTENT, Content
from facewitness.sources.website.job import Job
from facewitness.sources.website.records import Keeper, about
from facewitness.sources.website.warc_file import WarcFiles


class Archive:
    """The WARC files of one source."""

    def __init__(self, folder: Path, job: Job) -> None:
        self._folder = folder
        self._files = WarcFiles(folder, f"facewitness-{job.source_id}", about(job), job.limits.file_bytes)
        self.keeper = Keeper(self._files)

    def close(self) -> None:
        """Close the file that is being written."""
        self._files.close()

    def content(self, answer: Answer, before: Kept) -> Content:
        """What an unchanged address still gives: its archived body, and the headers of then and now.

        NotFound where the archive is not as it was.
        """
        copy = archived(self._folder, before.record, MAX_CONTENT)
        return Content(answer.url, (*copy.http_headers, *answer.headers), copy.body)
