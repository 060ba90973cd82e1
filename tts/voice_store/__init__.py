"""The neural voices of a data folder: what is installed, and how one is added."""
