"""The source's own archive: what is written to it now, and what it holds from earlier."""

from pathlib import Path

from facewitness.sources.webarchive.reading import archived
from facewitness.sources.website.answers import Kept
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

    def copy(self, url: str, before: Kept) -> Content:
        """What an address gave before. NotFound where the archive is not as it was."""
        found = archived(self._folder, before.record, MAX_CONTENT)
        return Content(url, found.http_headers, found.body)
