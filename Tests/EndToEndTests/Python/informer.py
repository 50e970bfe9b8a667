"""The official client's informer sees every transition of many Jobs that run at once, each once.

The Jobs must run on this machine; $HOME is for files. Usage: informer.py URL
"""

import concurrent.futures
import os
import sys
import tempfile
import threading
import time

from kubernetes import client, watch
from kubernetes.informer import ADDED, DELETED, ERROR, MODIFIED, SharedInformer

NAMESPACE = "informer"
COUNT = 200
SENTINEL = "job-sentinel"
PIPE = os.path.join(tempfile.mkdtemp(dir=os.environ["HOME"]), "pipe")

configuration = client.Configuration()
configuration.host = sys.argv[1]
configuration.connection_pool_maxsize = 20
api = client.ApiClient(configuration)
batch, core = client.BatchV1Api(api), client.CoreV1Api(api)


def state(job):
    """The last of suspended, active, complete that holds."""
    conditions = {one.type for one in job.status.conditions or [] if one.status == "True"}
    if "Complete" in conditions:
        return "complete"
    if job.status.active:
        return "active"
    return "suspended" if "Suspended" in conditions else "new"


class Sight:
    """What one watcher has seen, by Job."""

    def __init__(self):
        self.versions, self.states, self.errors, self.order = {}, {}, [], []
        self.sentinels = set()
        self.changed = threading.Condition()

    def note(self, job):
        with self.changed:
            name, now = job.metadata.name, state(job)
            if name == SENTINEL:
                self.sentinels.add(job.metadata.resource_version)
                return
            self.order.append((name, job.metadata.resource_version))
            self.versions.setdefault(name, []).append(job.metadata.resource_version)
            states = self.states.setdefault(name, [])
            if now != "new" and states[-1:] != [now]:
                states.append(now)
            self.changed.notify_all()

    def wait(self, what, condition):
        with self.changed:
            if not self.changed.wait_for(condition, timeout=120):
                counts = {}
                for states in self.states.values():
                    counts[tuple(states)] = counts.get(tuple(states), 0) + 1
                sys.exit(f"{what} is not seen: {counts}")

    def all_are(self, last):
        return len(self.states) == COUNT and all(states[-1:] == [last] for states in self.states.values())


def manifest(number):
    # It lasts until somebody writes to the pipe.
    container = {"name": "main", "image": "busybox", "command": ["/bin/sh", "-c", f": < {PIPE}"]}
    template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    return {"metadata": {"name": f"job-{number}"}, "spec": {"suspend": True, "template": template}}


os.mkfifo(PIPE)
core.create_namespace({"metadata": {"name": NAMESPACE}})
seen, other = Sight(), Sight()
start = batch.list_namespaced_job(NAMESPACE).metadata.resource_version


def watch_too():
    """A second watch from the same point, to compare with."""
    for event in watch.Watch().stream(batch.list_namespaced_job, NAMESPACE, resource_version=start):
        if event["type"] != "DELETED":
            other.note(event["object"])


informer = SharedInformer(batch.list_namespaced_job, namespace=NAMESPACE)
for kind in [ADDED, MODIFIED]:
    informer.add_event_handler(kind, seen.note)
informer.add_event_handler(DELETED, lambda job: seen.errors.append(f"{job.metadata.name} was deleted"))
informer.add_event_handler(ERROR, lambda error: seen.errors.append(repr(error)))
informer.start()
threading.Thread(target=watch_too, daemon=True).start()
# What happened before a watch began is shown as it is then: both have begun before there is anything to compare. The informer may have
# listed the first version that it saw.
batch.create_namespaced_job(NAMESPACE, manifest("sentinel"))
deadline = time.monotonic() + 60
while len(seen.sentinels) < 2 or not other.sentinels:
    if time.monotonic() > deadline:
        sys.exit("the watches do not begin")
    batch.patch_namespaced_job(SENTINEL, NAMESPACE, {"metadata": {"annotations": {"tick": str(time.monotonic())}}})
    time.sleep(0.1)
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    list(pool.map(lambda number: batch.create_namespaced_job(NAMESPACE, manifest(number)), range(COUNT)))
    seen.wait("that all are suspended", lambda: seen.all_are("suspended"))
    list(pool.map(lambda number: batch.patch_namespaced_job(f"job-{number}", NAMESPACE, {"spec": {"suspend": False}}), range(COUNT)))
seen.wait("that all are active", lambda: seen.all_are("active"))
opened = os.open(PIPE, os.O_RDWR)
seen.wait("that all are complete", lambda: seen.all_are("complete"))
last = {job.metadata.name: job.metadata.resource_version for job in batch.list_namespaced_job(NAMESPACE).items
        if job.metadata.name != SENTINEL}
seen.wait("the last version of each", lambda: {name: versions[-1] for name, versions in seen.versions.items()} == last)
other.wait("the same by a second watch", lambda: len(other.order) >= len(seen.order))

problems = list(seen.errors)
for name, states in sorted(seen.states.items()):
    if states != ["suspended", "active", "complete"]:
        problems.append(f"{name}: {states}")
for name, versions in sorted(seen.versions.items()):
    if len(set(versions)) != len(versions):
        problems.append(f"{name}: a version came twice: {versions}")
numbers = [int(version) for _, version in seen.order]
if numbers != sorted(numbers):
    problems.append("versions do not ascend")
if seen.order != other.order:
    problems.append(f"two watches differ: {sorted(set(seen.order) ^ set(other.order))[:10]}")
core.delete_namespace(NAMESPACE)
print("\n".join(problems[:40]))
print(f"{len(seen.order)} events of {len(seen.versions)} Jobs")
sys.exit(1 if problems else 0)
