"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub import settings as module
from hub.environment import environment, load
from hub.settings import Settings, SettingsError

SECRET = "s" * 32


def test_defaults_are_an_open_hub_on_loopback() -> None:
    settings = load({})
    assert settings == Settings()
    assert settings.open
    assert settings.host == "127.0.0.1"


def test_a_variable_sets_a_field_of_its_type() -> None:
    settings = load({"HUB_PORT": "9000", "HUB_MAX_FUTURE": "1.5", "HUB_DATA_DIR": "~/hub", "PATH": "ignored"})
    assert (settings.port, settings.max_future, settings.data_dir) == (9000, 1.5, Path.home() / "hub")


def test_the_command_line_wins_over_the_environment() -> None:
    assert load({"HUB_PORT": "9000"}, port=9001, host=None).port == 9001


def test_a_secret_can_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    file.chmod(0o600)
    assert load({"HUB_JWT_SECRET_FILE": str(file)}).jwt_secret == SECRET


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"HUB_PORT": "eighty"}, "HUB_PORT: must be an integer"),
        ({"HUB_PORT": "70000"}, "HUB_PORT: must be at most 65535"),
        ({"HUB_MAX_FIXES": "1"}, "HUB_MAX_FIXES: unknown setting; `hub config` lists all settings"),
        ({"HUB_JWT_SECRET": "short"}, "HUB_JWT_SECRET: must have at least 32 bytes (RFC 7518, section 3.2)"),
        ({"HUB_JWT_SECRET_FILE": "missing/file"}, "HUB_JWT_SECRET_FILE: [Errno 2] No such file or directory"),
        ({"HUB_STALE_AFTER": "300"}, "HUB_STALE_AFTER: must be less than HUB_OFFLINE_AFTER"),
        ({"HUB_IDLE_TIMEOUT": "5"}, "HUB_PING_INTERVAL: must be less than HUB_IDLE_TIMEOUT"),
        ({"HUB_TRUSTED_PROXIES": "10.0.0.1, proxy"}, "HUB_TRUSTED_PROXIES: 'proxy' does not appear to be"),
        ({"HUB_TRUSTED_PROXIES": "*"}, "HUB_TRUSTED_PROXIES: '*' does not appear to be"),
        ({"HUB_TRUSTED_PROXIES": "10.0.0.1/8"}, "HUB_TRUSTED_PROXIES: 10.0.0.1/8 has host bits set"),
        ({"HUB_REDIS_APPENDFSYNC": "no"}, "HUB_REDIS_APPENDFSYNC: must be one of: always, everysec"),
    ],
)
def test_an_invalid_setting_is_named(environ: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(environ)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "hub.example"])
def test_an_open_hub_is_refused_on_a_public_address(host: str) -> None:
    with pytest.raises(SettingsError, match=r"HUB_HOST: .* is reachable from other machines"):
        load({"HUB_HOST": host})
    assert load({"HUB_HOST": host, "HUB_JWT_SECRET": SECRET}).host == host


@pytest.mark.parametrize("origin", ["https://shöp.example", "https://shop\x01.example"])
def test_origins_of_frames_are_those_of_a_header(origin: str) -> None:
    with pytest.raises(SettingsError, match=r"HUB_EMBED_ORIGINS: .* punycode"):
        load({"HUB_EMBED_ORIGINS": origin})
    assert load({"HUB_EMBED_ORIGINS": "https://xn--shp-sna.example"}).embed_origins


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "::1"])
def test_every_name_of_loopback_is_accepted(host: str) -> None:
    assert load({"HUB_HOST": host}).host == host


def test_a_child_process_reads_back_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_PORT", "1")
    monkeypatch.setenv("LANG", "C")
    settings = Settings(port=9000, database_url="postgresql://hub@/hub?host=/run", jwt_secret=SECRET)
    environ = environment(settings)
    assert environ["LANG"] == "C"
    assert load(environ) == settings


def test_secrets_are_masked_and_shown_to_be_set() -> None:
    shown = module.masked(Settings(jwt_secret=SECRET, redis_url="redis://:password@host"))
    assert shown["jwt_secret"] == shown["redis_url"] == "********"
    assert shown["database_url"] == ""
    assert SECRET not in str(shown)


@pytest.mark.parametrize("url", ["http://provider.example", "ftp://127.0.0.1", "https://provider.example:port"])
def test_keys_come_only_from_where_others_cannot_forge_them(url: str) -> None:
    with pytest.raises(SettingsError, match="HUB_OIDC_ISSUER: "):
        load({"HUB_OIDC_ISSUER": url})
    with pytest.raises(SettingsError, match="HUB_JWKS_URL: "):
        load({"HUB_JWKS_URL": url, "HUB_JWT_ISSUER": "i", "HUB_JWT_AUDIENCE": "a"})


@pytest.mark.parametrize("scheme", ["redis+cluster", "rediss+cluster"])
def test_a_cluster_needs_partitions(scheme: str) -> None:
    url = f"{scheme}://:secret@a:6379,b:6379"
    with pytest.raises(SettingsError, match="HUB_PARTITIONS: a Redis Cluster needs at least 2") as refused:
        load({"HUB_REDIS_URL": url})
    assert "secret" not in str(refused.value)
    assert load({"HUB_REDIS_URL": url, "HUB_PARTITIONS": "2"}).partitions == 2
