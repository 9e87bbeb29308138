"""Analysis of a city's investment-attraction plan."""

import sys

# A grammar of addresses that jsonschema builds at import: seconds, for no check that is made here.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
