"""插播: saying something now."""
