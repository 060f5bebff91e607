"""The only user of sql/: every query is one async function."""
