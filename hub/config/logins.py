"""Settings of logins: passwords, the second factor, and an OpenID Connect provider. ``hub.settings`` has the others."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta

from hub.config.database import DatabaseSettings
from hub.config.values import SettingsError, listed
from hub.core.server_urls import check_key_source

ROLES = ("admin", "dispatcher")
"""Roles of users."""


class LoginSettings(DatabaseSettings, frozen=True, kw_only=True):
    """Settings of logins, each followed by its text."""

    password_login: Literal["on", "off"] = "on"
    """Whether users log in with passwords. `off` needs HUB_OIDC_ISSUER; then only one-time passwords are accepted, each
    for one login: those of `hub user reset`, with which an admin gets in while the provider is down."""
    totp_required: Literal["off", "admins", "all"] = "off"
    """Users that need a second factor (TOTP) for a login with a password: none, admins, or all. Without one, they set
    it up during the next login. A login through the provider needs none: the provider decides about factors."""
    oidc_issuer: Annotated[str, Meta(pattern=r"^(https?://[^\s?#@]+)?$")] = ""
    """Issuer of the OpenID Connect provider that users can log in with, exactly as the provider names it: https, or
    http on this machine. If empty, there are only passwords. Needs HUB_JWT_SECRET and HUB_OIDC_CLIENT_ID."""
    oidc_client_id: str = ""
    """Id of this hub at the provider. Register the redirect URI `<HUB_PUBLIC_URL>/api/v1/auth/oidc/callback` there."""
    oidc_client_secret: str = ""
    """Secret of this hub at the provider. Empty for a public client, which PKCE protects alone."""
    oidc_scopes: Annotated[str, Meta(pattern=r"^openid( [!#-\[\]-~]+)*$")] = "openid profile email"
    """Scopes that the hub requests, separated by spaces. `profile` and `email` have the names of new users; some
    providers have another scope for groups."""
    oidc_label: Annotated[str, Meta(max_length=40)] = ""
    """Name of the provider on the button `Log in with …`. If empty, the host of HUB_OIDC_ISSUER."""
    oidc_unknown_users: Literal["refuse", "create"] = "refuse"
    """What happens to a person of the provider that belongs to no user of the hub. `refuse`: an admin adds a user, who
    connects the account to the provider after a login with the password. `create`: a user is added to
    HUB_DEFAULT_FLEET; needs HUB_OIDC_ROLES, so that not everyone with an account at the provider gets in."""
    oidc_role_claim: str = ""
    """Claim of the ID token that decides the role at each login, such as `roles` or `groups`: a text or a list of
    texts. Dots lead into objects: `realm_access.roles`. If empty, admins of the hub decide. Needs HUB_OIDC_ROLES."""
    oidc_roles: str = ""
    """Roles for the values of HUB_OIDC_ROLE_CLAIM, separated by commas: `hub-admins=admin,hub-desk=dispatcher`. A
    person with none of the values cannot log in with the provider; of several roles `admin` counts."""
    oidc_groups_claim: str = ""
    """Claim of the ID token with the groups whose drivers a dispatcher sees, set at each login. A dispatcher whose
    token has no valid group there sees no driver. If empty, admins of the hub decide."""

    def check_logins(self, *, guarded: bool) -> None:
        """Refuse invalid combinations; ``guarded``: HUB_JWT_SECRET is set. Raises ``SettingsError``."""
        self.role_map()
        if not self.oidc_issuer:
            if self.password_login == "off":
                raise SettingsError("HUB_PASSWORD_LOGIN: off needs HUB_OIDC_ISSUER, because no login would be left")
            return
        try:
            check_key_source("HUB_OIDC_ISSUER", self.oidc_issuer)
        except ValueError as error:
            raise SettingsError(str(error)) from error
        if not guarded:
            raise SettingsError("HUB_OIDC_ISSUER: needs HUB_JWT_SECRET, which signs the tokens of sessions")
        if not self.oidc_client_id:
            raise SettingsError("HUB_OIDC_CLIENT_ID: is required with HUB_OIDC_ISSUER")
        if bool(self.oidc_role_claim) != bool(self.oidc_roles):
            raise SettingsError("HUB_OIDC_ROLES and HUB_OIDC_ROLE_CLAIM: each needs the other")
        if self.oidc_unknown_users == "create" and not self.oidc_roles:
            raise SettingsError("HUB_OIDC_UNKNOWN_USERS: create needs HUB_OIDC_ROLES, which decides who may log in")

    def role_map(self) -> dict[str, str]:
        """Value of the claim -> role. Raises ``SettingsError``."""
        found = {}
        for part in listed(self.oidc_roles):
            # The last sign counts: values such as names in a directory may contain others.
            value, _, role = part.rpartition("=")
            if not value or role not in ROLES:
                raise SettingsError(f"HUB_OIDC_ROLES: {part} must be a value, `=` and one of {', '.join(ROLES)}")
            found[value] = role
        return found

    @property
    def provider_name(self) -> str:
        """The provider's name for users."""
        return self.oidc_label or urlsplit(self.oidc_issuer).hostname or ""
