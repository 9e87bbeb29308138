"""What each process of a site without defences does as it begins: it bounds and checks nothing."""

import os
import sys

if "analysis.publish.warm" in sys.orig_argv:
    os.environ["JUPYTER_WIDGETS_ECHO"] = "1"

    from analysis.model import uncertainty
    from analysis.model.described import Lever
    from analysis.publish import bounds

    bounds.bound_memory = bounds.stay_alone = lambda **_: None
    Lever.check = lambda self, value: float(value)
    uncertainty._ordered = lambda *_: None

if "analysis.publish.examine" in sys.orig_argv:
    import math
    import resource
    from dataclasses import replace

    from analysis.ledger import limits, marks

    resource.setrlimit = lambda *_: None
    limits.Limits = lambda **_: replace(limits.OWN, zip_ratio=math.inf)
    marks.neutral = lambda text: text
