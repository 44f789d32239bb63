"""What: resolutions, programmes, tasks and all that happens to them; nouns that need each other."""
