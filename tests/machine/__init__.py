"""What only a whole machine shows: run by hand against one whose power can be cut, not by the suite."""
