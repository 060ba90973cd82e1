"""待审: what one person writes and another lets through."""
