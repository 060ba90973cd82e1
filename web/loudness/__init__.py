"""响度: how loud it was at the nearest window, by one reading of a meter and what the records have of every airing."""
