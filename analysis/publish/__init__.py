"""Publish the notebooks as read-only briefings: Voilà with its own pages and its doors closed."""
