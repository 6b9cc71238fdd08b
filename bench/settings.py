"""The portal's settings with the bench's addresses: the floors stand behind the same middleware."""

from ntm_portal import settings as _portal

globals().update({name: value for name, value in vars(_portal).items() if name.isupper()})
ROOT_URLCONF = "bench.urls"
