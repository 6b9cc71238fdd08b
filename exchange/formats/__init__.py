"""Lists of the API as files: CSV, XLSX, NDJSON and GeoJSON of the whole filtered list, beside the pages of JSON."""
