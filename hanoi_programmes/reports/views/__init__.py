"""Pages of figures: the dashboard, and reports."""
