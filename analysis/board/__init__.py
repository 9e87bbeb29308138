"""The page's board: levers, cards, figures and texts that follow a scenario in the browser."""

from analysis.board.board import Answers, Board

__all__ = ["Answers", "Board"]
