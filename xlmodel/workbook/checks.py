"""The state of a named check: what its cell holds, in words that calc and report share."""

from xlmodel.registry import CellError

MASTER = "check_master"
PASSED, FAILED, NOT_APPLICABLE, UNKNOWN = "passed", "failed", "not applicable", "not evaluated"
NO_CHECK = ""
_NOT_APPLICABLE = ("n/a", NOT_APPLICABLE)


def state(value: object, evaluated: bool = True) -> str:
    """TRUE (or 1) passes; the text n/a says that a check does not apply.

    Any other text, such as a banner, is no check.

    >>> state(True), state(0.0), state("n/a"), state("All checks pass")
    ('passed', 'failed', 'not applicable', '')
    >>> state(CellError("#REF!")), state(None)
    ('not evaluated', 'not evaluated')
    """
    if not evaluated or value is None or isinstance(value, CellError):
        return UNKNOWN
    if isinstance(value, str):
        return NOT_APPLICABLE if value.strip().casefold() in _NOT_APPLICABLE else NO_CHECK
    return PASSED if value in (True, 1) else FAILED
