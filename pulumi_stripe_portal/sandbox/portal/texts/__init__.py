"""The words of the portal: languages, texts, and how values are written in them."""
