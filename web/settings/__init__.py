"""设置: what of the box the publishers decide, and what the installer has decided."""
