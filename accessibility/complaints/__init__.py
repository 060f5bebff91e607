"""The complaint loop: what is reported, how much it weighs, who does what about it."""
