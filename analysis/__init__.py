"""Analysis of a city's investment-attraction plan."""
