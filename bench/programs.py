"""Programs that a measure needs beside Python: the machine's own, else Debian's package, installed now."""

import os
import shutil
import subprocess

from bench.timing import NotRun


def program(name: str, *, package: str) -> str:
    """Its path; NotRun with what to do where it cannot be had."""
    if found := shutil.which(name) or shutil.which(name, path="/usr/sbin"):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package]):
            subprocess.run(command, capture_output=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    if found := shutil.which(name) or shutil.which(name, path="/usr/sbin"):
        return found
    raise NotRun(f"{name} is not on this machine: install your system's package {package}")
