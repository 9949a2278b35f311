"""Hubs of this process spend no processor time on the passwords of their users, once this is imported."""

from __future__ import annotations

from functools import partial

from argon2 import PasswordHasher

import hub.edge.api
from hub.identity.passwords import Passwords

HASHER = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1)

hub.edge.api.Passwords = partial(Passwords, HASHER)
