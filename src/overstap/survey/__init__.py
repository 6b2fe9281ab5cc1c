"""Surveys: instruments, import of answers in any common format, weighted results, and statements for a panel."""
