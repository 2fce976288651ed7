"""The doors to Pulumi's engine: everything that uses a private part of its SDK.

May import `errors` alone.
"""
