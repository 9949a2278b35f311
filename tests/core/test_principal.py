from __future__ import annotations

import pytest

from hub.core.principal import Principal, Role


@pytest.mark.parametrize(
    ("role", "publishes", "subscribes"),
    [
        ("open", True, True),
        ("driver", True, False),
        ("gateway", True, False),
        ("dispatcher", False, True),
        ("admin", False, True),
    ],
)
def test_what_a_role_may_do(role: str, publishes: bool, subscribes: bool) -> None:
    principal = Principal("f", Role(role))
    assert (principal.publishes, principal.subscribes) == (publishes, subscribes)


def test_a_principal_cannot_become_another() -> None:
    principal = Principal("f", Role.DISPATCHER)
    with pytest.raises(AttributeError):
        principal.fleet = "another"  # type: ignore[misc]
    assert principal == Principal("f", Role.DISPATCHER) != Principal("another", Role.DISPATCHER)
