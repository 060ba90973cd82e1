"""What passes between the hub and its devices: names, topics, payloads, signatures and counters."""
