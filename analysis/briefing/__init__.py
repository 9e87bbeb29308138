"""The briefings: a page, and the frames and numbers of each."""

from analysis.briefing.page import Briefing

__all__ = ["Briefing"]
