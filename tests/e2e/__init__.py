"""Whole processes over real HTTP: they are killed, started again, and have to keep their word."""
