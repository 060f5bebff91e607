"""The database fixtures for every test of the loop."""

from tests.support.db import database, empty_database, pool, postgres, template_database

__all__ = ["database", "empty_database", "pool", "postgres", "template_database"]
