"""Who: axes, areas, units, posts and their holders, users, the working calendar."""
