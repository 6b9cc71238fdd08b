"""Pages of sign-in and people."""

from accounts.views.signin import locked_out as locked_out  # named in settings
