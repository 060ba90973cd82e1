"""On the LAN: the encrypted address, its certificate, and the name that the box answers to."""
