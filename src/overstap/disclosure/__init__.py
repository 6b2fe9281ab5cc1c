"""Disclosure control of published counts of people: which cells are hidden, so that none follows from the others.

Ads are public, so a low n there says that a figure is unsure, no more. Answers to a survey and records of students are
of people who were promised that nobody reads them off a table. See `docs/method.md`.
"""
