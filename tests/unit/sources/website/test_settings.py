from scrapy.settings import Settings

from facewitness.sources.website.job import Job, Limits
from facewitness.sources.website.spider import settings

JOB = Job("a", "https://one.example", ("one.example",), "/keep", "B", "mailto:c")


def test_a_host_is_asked_slowly_unless_that_is_switched_off() -> None:
    said = Settings(settings(JOB))
    assert said.getbool("AUTOTHROTTLE_ENABLED")
    assert said.getfloat("DOWNLOAD_DELAY") == Limits().delay > 0


def test_nothing_of_scrapy_is_on_that_is_not_used() -> None:
    said = Settings(settings(JOB))
    assert set(said["EXTENSIONS_BASE"]) == {"scrapy.extensions.throttle.AutoThrottle"}
    assert not said["DOWNLOADER_MIDDLEWARES_BASE"]
    assert not said["SPIDER_MIDDLEWARES_BASE"]
    assert set(said["DOWNLOAD_HANDLERS_BASE"]) == {"http", "https"}
    assert not said.getbool("LOG_ENABLED")
