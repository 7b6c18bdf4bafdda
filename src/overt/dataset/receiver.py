"""For whom a release is, and who answers for it: only an organisation that the policy names is given anything."""

from overt.dataset.release import About, Receiver
from overt.errors import KeyAccessError, PolicyError
from overt.format.note import NoteSigner
from overt.keys.consent_files import load_organisation
from overt.keys.identities import load_signer
from overt.keys.passphrase import PassphraseSource
from overt.policy.document import Policy
from overt.policy.purposes import Purpose
from overt.store.home import Home


def about_release(home: Home, purpose: Purpose, to: str | None) -> About:
    """Return what a release of *home*'s organisation for *purpose* says of itself, which is made for *to*.

    Without *to* it stays in the house.

    Raises:
        PolicyError: There is no policy, or it does not name *to* for *purpose*.
    """
    policy = load_organisation(home).policy
    return About(
        controller=policy.controller.name,
        contact=policy.controller.contact,
        jurisdictions=policy.jurisdictions,
        receiver=None if to is None else _named(policy, purpose, to),
    )


def controller_signer(home: Home, passphrases: PassphraseSource) -> NoteSigner:
    """Return the key with which the controller signs a release.

    Raises:
        PolicyError: The home has no policy.
        KeyAccessError: The key stays locked, or is not the one that the bundle names.
    """
    signer = load_signer(home, passphrases)
    if signer.vkey != load_organisation(home).bundle.admin:
        raise KeyAccessError("this home's signing key is not the one that its bundle names")
    return signer


def _named(policy: Policy, purpose: Purpose, to: str) -> Receiver:
    for each in policy.recipients:
        if each.name == to and purpose in each.purposes:
            return Receiver(name=each.name, contact=each.contact, country=each.country)
    named = ", ".join(sorted({each.name for each in policy.recipients if purpose in each.purposes}))
    raise PolicyError(
        f"the policy names no recipient {to} for {purpose.value}",
        hint=f"named for it: {named or 'nobody'}; people agree anew when somebody is added",
    )
