"""The state of a named check: what its cell holds, in words that calc and report share."""

from xlmodel.hosts.engine import Value
from xlmodel.registry import CellError

PASSED, FAILED, NOT_APPLICABLE, UNKNOWN = "passed", "failed", "not applicable", "not evaluated"
_WORDS = {"n/a": NOT_APPLICABLE, "ok": PASSED, "true": PASSED, "false": FAILED}


def state(value: Value) -> str:
    """TRUE, or a number other than 0, passes; the text n/a says that the check does not apply.

    >>> state(True), state(0.0), state("n/a"), state(CellError("#REF!")), state(None)
    ('passed', 'failed', 'not applicable', 'failed', 'not evaluated')
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, CellError):
        return FAILED
    if isinstance(value, str):
        return _WORDS.get(value.strip().lower(), FAILED)
    return PASSED if value else FAILED
