"""The writers of people and places."""
