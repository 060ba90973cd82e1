"""时段: the week's broadcasts, the days that differ, and what a change would bring."""
