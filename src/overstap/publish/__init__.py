"""Answers for readers: labels, sentences, charts, tables, the report and the dashboard."""
