"""The server's log: a JSON text a line, and of failures each kind once, then by tens."""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from analysis.publish.metrics import FAILURES

log = logging.getLogger(__name__)
#: Kinds of failure that are told apart; the code, not a reader, makes them.
MOST_KINDS = 200
#: Characters that are logged of one failure's trace.
MOST_TRACE = 8000
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PLACE = re.compile(r'File "?([^\s",:]+)"?(?:, line |:)(\d+)')


class JsonLines(logging.Formatter):
    """Writes each record as one line of JSON, whatever library it comes from."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said = record.msg if isinstance(record.msg, dict) else {"said": record.getMessage()}
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            **said,
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class Failures:
    """What went wrong, by page, cause and place: no reader fills the log by asking again."""

    def __init__(self) -> None:
        self._known: Counter[tuple[str, str, str]] = Counter()

    def note(self, page: str, cause: str, trace: Sequence[str], said: str = "") -> None:
        """Log a failure when it is the first, tenth, hundredth of its kind."""
        FAILURES.labels(page).inc()
        text = _COLOUR.sub("", "\n".join(trace))
        place = ":".join((_PLACE.findall(text) or [("", "")])[-1])
        kind = (page, cause, place)
        if kind not in self._known and len(self._known) >= MOST_KINDS:
            kind = ("", "", "")
        self._known[kind] += 1
        times = self._known[kind]
        if str(times).strip("0") == "1":
            more = {"asked": said} if said else {}
            if times == 1:
                more["trace"] = text[-MOST_TRACE:]
            log.error({"failed": page, "cause": cause, "place": place, "times": times, **more})

    def note_error(self, page: str, error: BaseException, said: str = "") -> None:
        """Log an exception of the server's own."""
        self.note(page, type(error).__name__, traceback.format_exception(error), said)


#: Those of this server.
failures = Failures()


def quiet(record: logging.LogRecord) -> bool:
    """Leave out what is said at every reader's leaving, and means nothing."""
    return "closed stream" not in str(record.msg)


def begin() -> None:
    """Write what all libraries log as lines of JSON to standard error."""
    outlet = logging.StreamHandler()
    outlet.setFormatter(JsonLines())
    outlet.addFilter(quiet)
    logging.basicConfig(handlers=[outlet], level=logging.WARNING, force=True)
