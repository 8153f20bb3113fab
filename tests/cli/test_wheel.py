"""What is built is whole: installed from its wheel, away from its sources, Regulars has all it needs."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterator
from http.client import HTTPConnection
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.cli.houses import free_port, until
from tests.house.plan import PACKAGE, ROOT
from tools.pack import FILES

_NOT_OURS = {"PYTHONPATH", "VIRTUAL_ENV"}
ALONE = ["--no-build-isolation"] if find_spec("hatchling") else []  # make brings it; else pip fetches it
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env=ENVIRONMENT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="regulars-wheel-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def wheel(place: Path) -> Path:
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", *ALONE, "-w", place, ROOT)
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(place: Path, wheel: Path) -> Path:
    """An environment of its own with the wheel in it; what it builds on is lent by ours."""
    venv.create(place / "venv", with_pip=False)
    python = place / "venv" / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel)
    (packages,) = place.glob("venv/lib/python*/site-packages")
    (packages / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    where = run(python, "-c", "import regulars; print(regulars.__file__)")
    assert where.startswith(str(packages)), where
    return python.parent


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as parts:
        inside = {name for name in parts.namelist() if ".dist-info/" not in name}
    ours = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == ours


def test_it_says_what_its_extras_need(wheel: Path) -> None:
    with ZipFile(wheel) as parts:
        (name,) = (name for name in parts.namelist() if name.endswith(".dist-info/METADATA"))
        said = parts.read(name).decode()
    extras = set(re.findall(r"^Provides-Extra: (\S+)$", said, re.MULTILINE))
    assert extras == {"apprise", "oidc", "otel", "predict", "spark"}
    for extra in extras:
        needed = re.findall(rf"^Requires-Dist: ([\w-]+)\S* ?; extra == '{extra}'$", said, re.MULTILINE)
        assert needed, said
        for one in needed:
            assert version(one)


def test_what_the_container_copies_is_enough_to_build_the_same_wheel(place: Path, wheel: Path) -> None:
    root = place / "container"
    stage = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8").split("\nFROM ")[1]
    for line in re.findall(r"^COPY (.+)$", stage, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            there = root / target.lstrip("/")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, there, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                there.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, there)
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", *ALONE, "-w", place / "wheels", root / "src")
    (built,) = (place / "wheels").glob("*.whl")
    with ZipFile(built) as mine, ZipFile(wheel) as theirs:
        assert sorted(mine.namelist()) == sorted(theirs.namelist())


def test_installed_it_opens_the_demo_with_every_page(programs: Path, place: Path) -> None:
    port = free_port()
    said = place / "said"
    command = [programs / "regulars", "demo", "--data", place / "data", "--port", str(port)]
    with said.open("w") as out:
        house = subprocess.Popen(command, stdout=out, stderr=out, cwd="/", env=ENVIRONMENT)
    try:
        until(lambda: "Ctrl-C ends it" in said.read_text() or house.poll() is not None, 240)
        links = re.findall(rf"http://127\.0\.0\.1:{port}(/\S+)", said.read_text())
        assert len(links) >= 5, said.read_text()
        for link in links:
            status, page = fetch(port, link)
            assert status in {200, 303}, (link, status)
            for part in re.findall(r'(?:href|src)="(/st[^"#]+)', page):
                assert fetch(port, part)[0] == 200, part
        assert all(fetch(port, f"/static/packed/{name}")[0] == 200 for name in FILES)
    finally:
        house.terminate()
        assert house.wait(60) == 0, said.read_text()


def fetch(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, text
