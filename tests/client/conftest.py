"""A client of the API as a stranger makes one: generated from the contract, outside the tree."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "docs" / "api" / "openapi.yaml"
PACKAGE = "ntm_portal_api_client"


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """The folder of the client generated from the contract, and what the generator complained of."""
    folder = tmp_path_factory.mktemp("client") / "made"
    settings = folder.with_name("settings.yaml")
    settings.write_text("post_hooks: []\n")  # nobody reads it: no formatting
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(CONTRACT)]
    done = subprocess.run(
        [*command, "--output-path", str(folder), "--config", str(settings)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout + done.stderr


@pytest.fixture(scope="session")
def library(generated):
    """`library("api.communes.communes_list")`: a module of the generated client."""
    sys.path.insert(0, str(generated[0]))
    yield lambda name: importlib.import_module(f"{PACKAGE}.{name}" if name else PACKAGE)
    sys.path.remove(str(generated[0]))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
