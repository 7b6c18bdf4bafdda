"""The profiles that Overt comes with."""

from types import MappingProxyType
from typing import Final

from overt.policy.jurisdictions import de, eu, fr, gb, us, us_ca, us_ct, us_de, us_il, us_ny
from overt.policy.law import Profile

PROFILES: Final = MappingProxyType[str, Profile](
    {place.PROFILE.code: place.PROFILE for place in (de, eu, fr, gb, us, us_ca, us_ct, us_de, us_il, us_ny)}
)
"""By code. Whoever reads a policy passes them on, so that another set can be passed instead."""
