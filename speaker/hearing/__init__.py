"""Whether an airing was heard: a microphone near the loudspeaker, compared with what was sent."""
