"""Invents a dealer group's night: the world as it is, and what the dealers' systems export of it."""
