"""How a box becomes a member: the ticket, six digits on two screens, and a certificate."""
