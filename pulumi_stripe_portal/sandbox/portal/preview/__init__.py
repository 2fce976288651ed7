"""Pictures of the portal, drawn from a configuration alone."""

from .pictures import PREVIEW_CSS, render_preview

__all__ = ["PREVIEW_CSS", "render_preview"]
