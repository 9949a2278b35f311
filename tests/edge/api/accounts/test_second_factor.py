"""The second factor: set up, asked for, used once, guessed in vain, lost."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from hub.embedded.services import Services
from hub.stores.postgres.accounts.totp import FREE
from tests.support.api.calls import Answer, call, get
from tests.support.api.fleets import ADMIN, STRANGER, execute, fetch, fields, hub_with
from tests.support.api.logins import AUTH, PASSWORD, USERS, invite, join, log_in, post, renew
from tests.support.running import Edge


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    limits = {"login_attempts": 1_000, "login_attempts_per_address": 100_000, "login_attempts_per_user": 1_000}
    with hub_with(services, template, "test_second_factor", **limits) as running:
        yield running


class App:
    """An authenticator app. Each code belongs to the next step, so that none is used twice and no test waits; the hub
    accepts one step around the present one, and forgets the last one with ``again``."""

    def __init__(self, secret: str) -> None:
        self.key = base64.b32decode(secret)
        self._codes = TOTP(self.key, 6, SHA1(), 30)

    def code(self, shift: int = 0) -> str:
        return self._codes.generate(int(time.time()) + shift * 30).decode()

    def wrong(self) -> str:
        """A code of no step around."""
        near = {self.code(shift) for shift in range(-3, 4)}
        return next(code for code in (f"{number:06}" for number in range(10)) if code not in near)


def again(hub: Edge, username: str) -> None:
    """As if a minute had passed: codes of the present step are new, and no wait is left."""
    statement = (
        "UPDATE user_totp SET last_step = last_step - 4, failed = 0"
        " WHERE user_id = (SELECT id FROM users WHERE username = $1)"
    )
    asyncio.run(execute(hub.settings.database_url, statement, username))


def begin(hub: Edge, username: str, password: str = PASSWORD) -> Answer:
    return post(hub, f"{AUTH}/totp", {"username": username, "password": password})


def enrol(hub: Edge, username: str, role: str = "dispatcher") -> tuple[dict[str, Any], App, list[str]]:
    """Tokens of a new user with a second factor, the app, and the recovery codes."""
    tokens = join(hub, username, role)
    made = begin(hub, username)
    assert made.status == 201, made
    app = App(made.json["secret"])
    done = post(hub, f"{AUTH}/totp/confirm", {"code": app.code()}, token=tokens["accessToken"])
    assert done.status == 200, done
    again(hub, username)
    return tokens, app, done.json["recoveryCodes"]


def test_a_code_is_asked_for_from_the_confirmation_on(hub: Edge) -> None:
    tokens = join(hub, "amy")
    other = log_in(hub, "amy").json
    assert begin(hub, "amy", "not the password").status == 401
    made = begin(hub, "Amy ")
    assert made.status == 201 and made.json["uri"].startswith("otpauth://totp/")
    assert made.json["qr"].startswith("<svg")
    # A secret that no code has confirmed changes nothing.
    assert log_in(hub, "amy").status == 200
    app = App(made.json["secret"])
    token = tokens["accessToken"]
    # A stolen token cannot guess the code of a secret that waits for it either.
    guesses = [post(hub, f"{AUTH}/totp/confirm", {"code": app.wrong()}, token=token).status for _ in range(FREE + 1)]
    assert guesses == [401] * FREE + [429]
    app = App(begin(hub, "amy").json["secret"])
    done = post(hub, f"{AUTH}/totp/confirm", {"code": app.code()}, token=token)
    assert done.status == 200 and len(done.json["recoveryCodes"]) == 10
    # Other sessions end; a second secret is refused.
    assert renew(hub, other).status == 401
    assert renew(hub, tokens).status == 200
    assert begin(hub, "amy").status == 409
    account = get(hub, f"{AUTH}/account", token).json
    assert (account["totp"], account["recoveryCodes"], account["totpRequired"]) == (True, 10, False)

    refused = log_in(hub, "amy")
    assert (refused.status, fields(refused)) == (403, ["code"])
    # The code of the confirmation was used.
    assert log_in(hub, "amy", code=app.code()).status == 401
    again(hub, "amy")
    right = app.code()
    assert log_in(hub, "amy", "not the password", code=right).status == 401
    assert log_in(hub, "amy", code=f"{right[:3]} {right[3:]}").status == 200
    assert log_in(hub, "amy", code=right).status == 401
    stored = fetch(hub, "SELECT secret, recovery FROM user_totp JOIN users ON id = user_id WHERE username = 'amy'")
    assert app.key not in stored[0][0]
    assert all(len(hash) == 32 for hash in stored[0][1])


def test_a_one_time_password_and_a_code_go_together(hub: Edge) -> None:
    tokens, app, _ = enrol(hub, "bob")
    once = post(hub, f"{USERS}/{tokens['user']['userId']}/password", token=ADMIN).json["password"]
    refused = log_in(hub, "bob", once)
    assert (refused.status, fields(refused)) == (403, ["newPassword", "code"])
    # A code is not used up by a login that lacks something else.
    code = app.code()
    assert fields(log_in(hub, "bob", once, code=code)) == ["newPassword"]
    assert log_in(hub, "bob", once, newPassword="short", code=code).status == 422
    assert log_in(hub, "bob", once, newPassword=PASSWORD + "!", code=app.wrong()).status == 401
    assert log_in(hub, "bob", once, newPassword=PASSWORD + "!", code=code).status == 200


def test_of_concurrent_logins_with_one_code_one_wins(hub: Edge) -> None:
    _, app, recovery = enrol(hub, "cid")
    for code in (app.code(), recovery[0]):
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _, code=code: log_in(hub, "cid", code=code).status, range(4)))
        assert sorted(answers) == [200, 401, 401, 401]


def test_guesses_have_to_wait_at_all_nodes_and_the_owner_does_not(hub: Edge) -> None:
    _, app, recovery = enrol(hub, "dan")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: log_in(hub, "dan", code=app.wrong()).status, range(FREE + 10)))
    # Each counts before it is checked, so that concurrent ones do not get more.
    assert sorted(answers) == [401] * FREE + [429] * 10
    locked = log_in(hub, "dan", code=app.code())
    assert locked.status == 429 and 0 < int(locked.headers["retry-after"]) <= 30
    # The password alone says no more than before, and a recovery code lets the owner in, after which codes count again.
    assert log_in(hub, "dan").status == 403
    assert log_in(hub, "dan", code=recovery[3].upper().replace("-", " ")).status == 200
    assert log_in(hub, "dan", code=recovery[3]).status == 401
    assert log_in(hub, "dan", code=app.code()).status == 200
    # The waits double, up to a day.
    for failed, seconds in ((FREE, 30), (FREE + 1, 60), (FREE + 3, 240), (FREE + 40, 86_400), (2_000_000_000, 86_400)):
        statement = (
            "UPDATE user_totp SET failed = $1, tried_at = now() FROM users WHERE id = user_id AND username = 'dan'"
        )
        asyncio.run(execute(hub.settings.database_url, statement, failed))
        assert seconds - 20 < int(log_in(hub, "dan", code=app.code()).headers["retry-after"]) <= seconds


def test_wrong_codes_count_like_wrong_passwords(services: Services, template: str) -> None:
    with hub_with(services, template, "test_second_factor_limit", login_attempts=3) as hub:
        recovery = enrol(hub, "eli")[2]
        assert [log_in(hub, "eli", code=f"{n}-not-a-code").status for n in range(4)] == [401, 401, 401, 429]
        assert log_in(hub, "eli", code=recovery[0]).status == 429


def test_a_second_factor_is_removed_by_its_user_or_an_admin(hub: Edge) -> None:
    tokens, app, recovery = enrol(hub, "fox")
    token, path = tokens["accessToken"], f"{USERS}/{tokens['user']['userId']}"
    assert post(hub, f"{AUTH}/totp/remove", {"code": app.wrong()}, token=token).status == 401
    assert post(hub, f"{AUTH}/totp/remove", {"code": recovery[0]}, token=token).status == 204
    assert log_in(hub, "fox").status == 200
    secret = begin(hub, "fox").json["secret"]
    # The login confirms it as well.
    before = log_in(hub, "fox").json
    confirmed = log_in(hub, "fox", code=App(secret).code())
    assert len(confirmed.json["recoveryCodes"]) == 10
    assert renew(hub, before).status == 401
    # A new password leaves it.
    once = post(hub, f"{path}/password", token=ADMIN).json["password"]
    assert fields(log_in(hub, "fox", once, newPassword=PASSWORD)) == ["code"]
    assert get(hub, path, ADMIN).json["totp"] is True
    assert call(hub, "DELETE", f"{path}/totp", token=STRANGER).status == 404
    assert call(hub, "DELETE", f"{path}/totp", token=ADMIN).status == 204
    assert call(hub, "DELETE", f"{path}/totp", token=ADMIN).status == 404
    assert log_in(hub, "fox", once, newPassword=PASSWORD).status == 200
    audited = fetch(
        hub, "SELECT action, actor_kind FROM audit WHERE subject_id = $1 ORDER BY id", tokens["user"]["userId"]
    )
    assert [kind for action, kind in audited if action == "user.totp_removed"] == ["user", "token"]


def test_a_code_for_what_cannot_be_done_counts_as_no_guess(hub: Edge) -> None:
    tokens, app, _ = enrol(hub, "eva")
    for _ in range(FREE + 2):
        assert post(hub, f"{AUTH}/totp/confirm", {"code": app.wrong()}, token=tokens["accessToken"]).status == 409
    other = join(hub, "kim")["accessToken"]
    app = App(begin(hub, "kim").json["secret"])
    for _ in range(FREE + 2):
        assert post(hub, f"{AUTH}/totp/remove", {"code": app.wrong()}, token=other).status == 409
    assert post(hub, f"{AUTH}/totp/confirm", {"code": app.code()}, token=other).status == 200


def test_a_token_that_is_no_session_has_no_account(hub: Edge) -> None:
    assert get(hub, f"{AUTH}/account", ADMIN).status == 403
    assert post(hub, f"{AUTH}/totp/confirm", {"code": "123456"}, token=ADMIN).status == 403
    assert post(hub, f"{AUTH}/totp/remove", {"code": "123456"}, token=ADMIN).status == 403


def test_a_required_second_factor_is_set_up_in_the_login(services: Services, template: str) -> None:
    with hub_with(services, template, "test_second_factor_required", totp_required="admins") as hub:
        join(hub, "gus")
        _, once = invite(hub, "hans", "admin")
        refused = log_in(hub, "hans", once)
        assert (refused.status, fields(refused)) == (403, ["newPassword", "totp"])
        # No code helps without a secret, and no token comes before the code.
        assert log_in(hub, "hans", once, newPassword=PASSWORD, code="123456").status == 403
        app = App(begin(hub, "hans", once).json["secret"])
        assert fields(log_in(hub, "hans", once, newPassword=PASSWORD)) == ["code"]
        assert log_in(hub, "hans", once, newPassword=PASSWORD, code="k7dm-3xqp-9tbn-w2hf").status == 401
        done = log_in(hub, "hans", once, newPassword=PASSWORD, code=app.code())
        assert done.status == 200 and len(done.json["recoveryCodes"]) == 10
        again(hub, "hans")
        answer = post(hub, f"{AUTH}/totp/remove", {"code": app.code()}, token=done.json["accessToken"])
        assert answer.status == 409


@pytest.mark.thorough
def test_a_new_secret_of_the_hub_seals_anew(services: Services, template: str) -> None:
    old, new = "old secret of the hub, long enough!", "new secret of the hub, long enough!"
    with hub_with(services, template, "test_second_factor_sealed", jwt_secret=old) as hub:
        with_old = hub.settings
        made = post(hub, USERS, {"username": "ian", "role": "admin"}, token=_admin(old))
        log_in(hub, "ian", made.json["password"], newPassword=PASSWORD)
        app = App(begin(hub, "ian").json["secret"])
        assert log_in(hub, "ian", code=app.code()).status == 200
        again(hub, "ian")
        for settings, status in (
            ({"jwt_secret": new, "jwt_secret_previous": old}, 200),
            ({"jwt_secret": new}, 200),
            ({"jwt_secret": old}, 503),
        ):
            with _another(with_old, **settings) as rotated:
                assert log_in(rotated, "ian", code=app.code()).status == status
            again(hub, "ian")


def _admin(secret: str) -> str:
    from hub.identity.tokens import issue
    from hub.settings import Settings

    return issue(Settings(jwt_secret=secret), "f", "admin", "operator", 600)


def _another(settings: Any, **changes: Any) -> Any:
    import msgspec

    from tests.support.running import edge

    return edge(msgspec.structs.replace(settings, **{"jwt_secret_previous": "", **changes}))
