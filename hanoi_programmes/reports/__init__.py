"""Numbers, charts and the papers made of them."""
