"""The rules of the OCOP programme: pure Python over the rulebooks."""
