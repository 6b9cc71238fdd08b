"""The figures of the 2023 conference as records, the real recognitions, and generated rows marked as such."""
