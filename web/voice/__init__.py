"""录音 and 读音: her own voice, and how words are read."""
