"""The briefings: what a notebook says and shows, by name."""

from analysis.briefing.page import Briefing, briefing

__all__ = ["Briefing", "briefing"]
