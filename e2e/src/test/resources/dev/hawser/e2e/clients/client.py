# SPDX-License-Identifier: Apache-2.0
# A process on Python's kubernetes client. Arguments: kubeconfig, feature. Ends with "done: " and what it did, or with what was
# wrong.
import sys

from kubernetes import client, config, watch
from kubernetes.stream import portforward, stream

NAMESPACE, POD, PEER, LARGE = "demo", "toolbox", "3rd-lisbon", 900 * 1024
config.load_kube_config(sys.argv[1])
core = client.CoreV1Api()


def config_map(name, text):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name), data={"text": text})


def get():
    cluster = core.read_namespaced_config_map("greeting", NAMESPACE).data["cluster"]
    assert cluster == PEER
    return cluster


def ticks(line):
    for _ in range(3):
        assert "tick of " + PEER in line()
    return "3 lines"


def logs():
    lines = watch.Watch().stream(core.read_namespaced_pod_log, POD, NAMESPACE, tail_lines=1)
    return ticks(lambda: next(lines))


def exec():
    program = stream(core.connect_get_namespaced_pod_exec, POD, NAMESPACE, command=["sh", "-c", "read line; echo $line; exit 7"],
                     stdin=True, stdout=True, stderr=True, tty=False, _preload_content=False)
    program.write_stdin("hello\n")
    program.run_forever(timeout=20)
    assert program.read_stdout() == "hello\n"
    assert program.returncode == 7
    return "input, output, exit code"


def attach():
    program = stream(core.connect_get_namespaced_pod_attach, POD, NAMESPACE, stdin=False, stdout=True, stderr=True, tty=False,
                     _preload_content=False)
    seen = ticks(lambda: program.readline_stdout(timeout=20))
    program.close()
    return seen


def port_forward():
    port = portforward(core.connect_get_namespaced_pod_portforward, POD, NAMESPACE, ports="8080").socket(8080)
    port.setblocking(True)
    port.sendall(b"GET / HTTP/1.0\r\n\r\n")
    page = b""
    while part := port.recv(1024):
        page += part
    assert page.endswith(b"\r\n\r\nthis is " + PEER.encode() + b"\n")
    return "a page"


def watching():
    name = "watched-by-python"
    names = (event["object"].metadata.name
             for event in watch.Watch().stream(core.list_namespaced_config_map, NAMESPACE, timeout_seconds=20))
    # Whatever is there comes first, and says that the watch stands.
    assert next(names) != name
    core.create_namespaced_config_map(NAMESPACE, config_map(name, "a"))
    try:
        assert name in names
        return "an event"
    finally:
        core.delete_namespaced_config_map(name, NAMESPACE)


def apply():
    name = "large-by-python"
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"text": "a" * LARGE}}
    try:
        core.patch_namespaced_config_map(name, NAMESPACE, body, field_manager="python",
                                         _content_type="application/apply-patch+yaml")
        assert len(core.read_namespaced_config_map(name, NAMESPACE).data["text"]) == LARGE
        return "there and back"
    finally:
        core.delete_namespaced_config_map(name, NAMESPACE)


print("done: " + {"get": get, "logs": logs, "exec": exec, "attach": attach, "port_forward": port_forward, "watch": watching,
                  "apply": apply}[sys.argv[2]]())
