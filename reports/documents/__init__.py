"""Official documents: composed once from the figures, frozen, then written as .docx, .pdf and .xlsx."""
