"""Small pages of our own, built like the sites that the demo allows, and the pages that must leave no trace."""
