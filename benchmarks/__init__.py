"""Times of the things users wait for, side by side in one run."""
