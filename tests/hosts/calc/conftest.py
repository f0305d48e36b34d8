"""What pytest must not import here: only LibreOffice's Python has the module ``uno``."""

collect_ignore = ["uno_script.py"]
