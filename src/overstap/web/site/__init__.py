"""The dashboard as plain files for any web server: its own pages, fetched, and their links made to point at files."""
