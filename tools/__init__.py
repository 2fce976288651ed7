"""How a checkout becomes a working project; standard library only."""
