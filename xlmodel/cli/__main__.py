"""``python -m xlmodel.cli`` is the command ``xlmodel``."""

from xlmodel.cli import main

raise SystemExit(main())
