"""What trips teach about travel times, and what was learned."""
