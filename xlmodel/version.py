"""The version, in one place: pyproject, the cell function and every report read it here."""

VERSION = "0.3.0"
