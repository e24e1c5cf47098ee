"""`python -m credgap`."""

from credgap.cli import run

run()
