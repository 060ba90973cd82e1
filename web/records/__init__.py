"""记录: what was aired, by day and by month."""
