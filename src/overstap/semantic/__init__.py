"""Phrases and sentences linked to ESCO skills by meaning: static embeddings and a learned ranker, without a network."""
