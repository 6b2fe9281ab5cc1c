"""Accuracy against annotated sets: what the annotation finds beside what people judged or registers say."""
