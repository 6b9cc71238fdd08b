"""The register as a workbook: written as it is seen, read back row by row, checked before anything."""
