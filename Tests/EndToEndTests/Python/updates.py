"""Twenty clients change one Job at the same time, and no change is lost. Half of them read, modify and replace; half send JSON patches
that test the value they saw. Usage: updates.py URL"""

import sys
import threading

from kubernetes import client
from kubernetes.client.exceptions import ApiException

NAMESPACE = "updates"
CLIENTS, CHANGES = 20, 5

configuration = client.Configuration()
configuration.host = sys.argv[1]
conflicts, problems = [0, 0], []


def service():
    return client.BatchV1Api(client.ApiClient(configuration))


def annotated(job, key):
    return int(job.metadata.annotations[key])


def replace(batch):
    """Adds one; a conflict means that somebody else was faster."""
    while True:
        job = batch.read_namespaced_job("one", NAMESPACE)
        job.metadata.annotations["replaced"] = str(annotated(job, "replaced") + 1)
        try:
            batch.replace_namespaced_job("one", NAMESPACE, job)
            return
        except ApiException as error:
            if error.status != 409:
                raise
            conflicts[0] += 1


def patch(batch):
    """Adds one, where the value is still what was read."""
    while True:
        value = annotated(batch.read_namespaced_job("one", NAMESPACE), "patched")
        path = "/metadata/annotations/patched"
        operations = [{"op": "test", "path": path, "value": str(value)}, {"op": "replace", "path": path, "value": str(value + 1)}]
        try:
            batch.patch_namespaced_job("one", NAMESPACE, operations)
            return
        except ApiException as error:
            if error.status != 422:
                raise
            conflicts[1] += 1


def change(number):
    try:
        batch = service()
        batch.patch_namespaced_job("one", NAMESPACE, {"metadata": {"labels": {f"client-{number}": "was-here"}}})
        for _ in range(CHANGES):
            (replace if number % 2 else patch)(batch)
    except Exception as error:
        problems.append(f"client {number}: {error}")


core, batch = client.CoreV1Api(client.ApiClient(configuration)), service()
core.create_namespace({"metadata": {"name": NAMESPACE}})
container = {"name": "main", "image": "busybox", "command": ["/bin/sh", "-c", "sleep 0.1"]}
batch.create_namespaced_job(NAMESPACE, {
    "metadata": {"name": "one", "annotations": {"replaced": "0", "patched": "0"}},
    "spec": {"completions": 100000, "parallelism": 2, "template": {"spec": {"restartPolicy": "Never", "containers": [container]}}},
})
threads = [threading.Thread(target=change, args=[number]) for number in range(CLIENTS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
job = batch.read_namespaced_job("one", NAMESPACE)
for key in ["replaced", "patched"]:
    if annotated(job, key) != CLIENTS // 2 * CHANGES:
        problems.append(f"{key}: {annotated(job, key)} of {CLIENTS // 2 * CHANGES} changes are left")
for number in range(CLIENTS):
    if (job.metadata.labels or {}).get(f"client-{number}") != "was-here":
        problems.append(f"the label of client {number} is lost")
core.delete_namespace(NAMESPACE)
print("\n".join(problems))
print(f"{CLIENTS * CHANGES} changes, {conflicts[0]} conflicts and {conflicts[1]} failed tests")
sys.exit(1 if problems else 0)
