"""One after the other, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from credgap.engines import Given, Made, Make


def run(make: Make[Given, Made], chunks: Iterable[Given]) -> Iterator[Made]:
    """What the function gives for each chunk, in order."""
    work = make()
    yield from map(work, chunks)
