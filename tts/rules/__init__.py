"""The rules of the spoken form. A rule reads ASCII digits and says none, so that none re-reads another's words."""
