"""Plain Python that knows nothing of this product."""
