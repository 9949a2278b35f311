"""The cookie of a login that is under way."""

from __future__ import annotations

import base64
import hashlib

from hypothesis import given
from hypothesis import strategies as st

from hub.identity.oidc.attempt import LIFETIME, Cookies, new_attempt
from hub.settings import Settings
from tests.identity.test_tokens import SECRET
from tests.support.laws import CHARACTERS

COOKIES = Cookies(Settings(jwt_secret=SECRET))
ATTEMPT = new_attempt("https://hub.example/cb", 1_000.0)


def test_a_cookie_is_read_by_hubs_with_the_secret_only() -> None:
    value = COOKIES.of_attempt(ATTEMPT)
    assert COOKIES.attempt(value) == ATTEMPT
    assert ATTEMPT.verifier not in value and ATTEMPT.state not in value
    newer = Cookies(Settings(jwt_secret="another secret of thirty-two bytes!", jwt_secret_previous=SECRET))
    assert newer.attempt(value) == ATTEMPT
    assert Cookies(Settings(jwt_secret="another secret of thirty-two bytes!")).attempt(value) is None
    # A cookie of one kind is none of the other.
    assert COOKIES.hint(value) is None
    assert COOKIES.attempt(COOKIES.of_hint("a.b.c")) is None
    assert COOKIES.hint(COOKIES.of_hint("a.b.c")) == "a.b.c"


@given(st.text(CHARACTERS, max_size=200) | st.none())
def test_any_other_text_is_no_cookie(text: str | None) -> None:
    assert COOKIES.attempt(text) is None
    assert COOKIES.hint(text) is None


@given(st.text(CHARACTERS, max_size=60) | st.none())
def test_only_its_own_state_answers_an_attempt(state: str | None) -> None:
    assert not ATTEMPT.answered(state, 1_001.0)


def test_an_attempt_lasts_ten_minutes() -> None:
    for now, answered in ((999.0, False), (1_000.0, True), (1_000.0 + LIFETIME, True), (1_001.0 + LIFETIME, False)):
        assert ATTEMPT.answered(ATTEMPT.state, now) is answered


def test_attempts_differ_and_the_challenge_is_that_of_the_verifier() -> None:
    other = new_attempt("https://hub.example/cb", 1_000.0)
    assert len({ATTEMPT.state, ATTEMPT.nonce, ATTEMPT.verifier, other.state, other.nonce, other.verifier}) == 6
    assert 43 <= len(ATTEMPT.verifier) <= 128
    digest = hashlib.sha256(ATTEMPT.verifier.encode()).digest()
    assert base64.urlsafe_b64decode(ATTEMPT.challenge + "=") == digest
