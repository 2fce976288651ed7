"""From Stripe's objects to what the pages show of them."""
