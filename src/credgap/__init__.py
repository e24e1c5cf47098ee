"""credgap: from a job posting to the credentials worth taking, inside a money and a time budget."""

__version__ = "0.1.0"
