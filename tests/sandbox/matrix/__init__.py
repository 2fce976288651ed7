"""What the whole `stripe` package can ask, and how the sandbox takes each of it."""
