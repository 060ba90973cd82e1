"""操作记录: what was done on the panel, by whom, and from where."""
