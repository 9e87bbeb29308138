"""Bulletins: a month 月通报, quarter 季考评 or year 年考核 of the city and of each district."""
