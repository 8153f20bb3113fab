"""Settings that do not go together are said in one line, before anything is started."""

from pathlib import Path

import pytest
from tests.cli.houses import regulars


@pytest.mark.parametrize("command", ["serve", "web"])
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("REGULARS_OIDC_ISSUER", "https://accounts.example.com", "oidc_client_id"),
        ("REGULARS_TRUSTED_PROXIES", "the proxy", "trusted_proxies"),
    ],
)
def test_a_house_that_could_not_serve_says_so_at_once(
    tmp_path: Path, command: str, name: str, value: str, said: str
) -> None:
    done = regulars(command, "--data", str(tmp_path / "data"), **{name: value})
    assert done.returncode == 1
    assert done.stderr.startswith("regulars: ")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "data").exists()
