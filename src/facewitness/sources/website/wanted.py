"""The addresses that a recheck asks for again, as the child process is given them: an SQLite file, since there may
be more of them than memory takes."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path


def write_wanted(path: Path, addresses: Iterable[str]) -> None:
    """The addresses into a new file, each once."""
    with closing(sqlite3.connect(path)) as sql, sql:
        sql.execute("CREATE TABLE address (url TEXT UNIQUE)")
        sql.executemany("INSERT OR IGNORE INTO address VALUES (?)", ((url,) for url in addresses))


def read_wanted(path: Path) -> Iterator[str]:
    """The addresses of such a file, in the order in which they were given, one after the other."""
    with closing(sqlite3.connect(path)) as sql:
        for (url,) in sql.execute("SELECT url FROM address ORDER BY rowid"):
            yield url
