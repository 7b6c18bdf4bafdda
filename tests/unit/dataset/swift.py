"""A real object store for tests: OpenStack Swift with its S3 API, on ports of its own, with a directory for a disk."""

import importlib
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

KEY_ID, SECRET = "test:tester", "testing"
SERVERS = ("account", "container", "object", "proxy")

STORAGE = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
devices = {root}/devices
mount_check = false
swift_dir = {root}
user = root
workers = 0
log_name = {name}
fallocate_reserve = 0
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""
PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {root}
user = root
workers = 0
[pipeline:main]
pipeline = catch_errors cache s3api tempauth bulk slo dlo versioned_writes proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
# Who signs in must find a cache in the pipeline; that nothing answers there is no matter.
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
"""


def is_here() -> bool:
    """Say whether Swift is installed; its servers change their user, which root alone can."""
    return os.geteuid() == 0 and all(shutil.which(f"swift-{name}-server") for name in SERVERS)


@contextmanager
def running(root: Path) -> Iterator[str]:
    """Yield the address of an object store that keeps its objects below *root*."""
    ports = dict(zip(SERVERS, free_ports(), strict=True))
    (root / "devices/d1").mkdir(parents=True)
    for name, port in ports.items():
        text = (PROXY if name == "proxy" else STORAGE).format(name=name, port=port, root=root)
        (root / f"{name}.conf").write_text(text)
        if name != "proxy":
            ring(root, name, port)
    with ExitStack() as stack:
        for name in SERVERS:
            command = [f"swift-{name}-server", str(root / f"{name}.conf")]
            log = stack.enter_context((root / f"{name}.log").open("wb"))
            server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
            stack.callback(end, server)
        for port in ports.values():
            wait_for(port)
        yield f"http://127.0.0.1:{ports['proxy']}"


def make_bucket(name: str) -> None:
    """Make the bucket *name* in the store that the environment names."""
    obstore = importlib.import_module("obstore")
    own = importlib.import_module("obstore.store").S3Store(name, client_options={"allow_http": True})
    url = obstore.sign(own, "PUT", "", timedelta(minutes=1))
    urllib.request.urlopen(urllib.request.Request(url, method="PUT"), timeout=30).close()


def ring(root: Path, name: str, port: int) -> None:
    builder = str(root / f"{name}.builder")
    for words in (["create", "4", "1", "1"], ["add", f"r1z1-127.0.0.1:{port}/d1", "1"], ["rebalance"]):
        subprocess.run(["swift-ring-builder", builder, *words], check=True, capture_output=True, timeout=60)


def free_ports() -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in SERVERS]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def wait_for(port: int) -> None:
    end_at = time.monotonic() + 40
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > end_at:
                raise
            time.sleep(0.05)
        else:
            return


def end(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
