"""Templates and styles of the server-rendered pages."""

from pathlib import Path

FOLDER = Path(__file__).parent
