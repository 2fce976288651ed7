"""Invoices and receipts as PDF: `paper` lays them out, `fonts` finds the letters.

The two files of DejaVu Sans hold what Latin, Greek and Cyrillic need; their licence
lies beside them.
"""

from .paper import pdf

__all__ = ["pdf"]
