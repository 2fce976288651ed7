"""What the sandbox knows: accounts, keys, objects and the time; kept in its data file.

May import `errors`.
"""
