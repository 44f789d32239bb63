"""Home of the one template library, `ui`, loaded for every template."""
