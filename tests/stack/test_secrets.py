import base64
import json
import stat

from config.stack.environment import Places, database_urls, for_role, make_secrets


def test_secrets_are_made_for_their_owner_alone_and_have_the_agreed_shape(tmp_path):
    make_secrets(tmp_path / "secrets")

    keyring = json.loads((tmp_path / "secrets" / "keyring.json").read_text())
    assert keyring["current"] == "k1"
    for key in (keyring["keys"]["k1"], keyring["index"], keyring["audit"]):
        assert len(base64.b64decode(key)) == 32
    assert len((tmp_path / "secrets" / "secret_key").read_text().strip()) >= 50
    for path in (tmp_path / "secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_second_start_leaves_the_keyring_as_it_is(tmp_path):
    make_secrets(tmp_path)
    before = (tmp_path / "keyring.json").read_bytes()

    make_secrets(tmp_path)

    assert (tmp_path / "keyring.json").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keyring.json", "secret_key"]


def test_a_web_process_never_holds_the_passwords_of_others(tmp_path):
    place = Places(tmp_path)
    place.make()
    env = for_role(database_urls(place), "web")

    assert [name for name in env if name.endswith("DATABASE_URL")] == ["WEB_DATABASE_URL"]
    assert env["QIANSHOU_ROLE"] == "web"


def test_socket_paths_stay_short_under_a_long_checkout(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("x" * 90)))
    place = Places(tmp_path / ("y" * 200))

    assert len(str(place.sockets / "pg" / ".s.PGSQL.5432.lock")) <= 107
