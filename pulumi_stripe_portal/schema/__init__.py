"""What a field is, and what values mean: declarations, equality, checks, rules. Pure.

May import `inputs` and `events`, whose declarations it reads.
"""
