"""Calendar feeds: made and revoked by people, read by programs."""
