"""Documents: a briefing or a bulletin as PDF, Word, PowerPoint, Excel or one HTML file."""
