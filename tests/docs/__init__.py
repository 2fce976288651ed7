"""What README and docs say is tried: code is run, commands and links are looked up."""
