"""Tables of values as workbooks: written prefilled, read back, matched to units and inputs, checked before anything."""
