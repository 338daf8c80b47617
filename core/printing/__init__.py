"""Paper: A4 PDFs from Typst templates, with data passed as data."""

from core.printing.sheets import Watermark, render_pdf

__all__ = ["Watermark", "render_pdf"]
