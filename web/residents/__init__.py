"""居民页: the last 24 hours for whoever missed them or can't hear, read-only and without a login."""
