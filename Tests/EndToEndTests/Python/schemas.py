"""Every object that is served keeps to Kubernetes' published JSON schema, strictly: no unknown field, no missing or mistyped one.

Jobs, pods and what goes with them are brought into every state; then all kinds that discovery names are listed, read one by one and
watched. Usage: schemas.py URL
"""

import json
import sys
import threading
import time
import urllib.error
import urllib.request

import kubernetes_validate

URL = sys.argv[1]
NAMESPACE = "schemas"
JOBS = f"/apis/batch/v1/namespaces/{NAMESPACE}/jobs"
CORE = f"/api/v1/namespaces/{NAMESPACE}"
RELEASE = "1.36"
EXPECTED = [
    "configmaps", "events", "jobs", "leases", "namespaces", "nodes", "persistentvolumeclaims", "pods", "secrets", "serviceaccounts",
]

problems = []
checked = {}


def validate(value, source):
    kind = f"{value.get('apiVersion')} {value.get('kind')}"
    if kind == "v1 Status":  # no object; the package can't find its schema
        return
    try:
        kubernetes_validate.validate(value, RELEASE, strict=True)
    except kubernetes_validate.ValidationError as error:
        path = ".".join(str(part) for part in error.absolute_path)
        problems.append(f"{source}: {kind}: {path}: {error.message[:300]}")
    except kubernetes_validate.SchemaNotFoundError:
        problems.append(f"{source}: {kind}: there is no such kind")
    checked[kind] = checked.get(kind, 0) + 1


def send(method, path, body=None, kind="application/json"):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, {"Content-Type": kind, "Accept": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            value = json.load(answer)
    except urllib.error.HTTPError as error:
        value = json.load(error)
    return value


def write(method, path, body=None, kind="application/json"):
    value = send(method, path, body, kind)
    validate(value, f"{method} {path}")
    if value.get("kind") == "Status" and value.get("status") == "Failure":
        problems.append(f"{method} {path}: {value.get('message')}")
    return value


def job(name, script="true", restart="Never", pod=None, metadata=None, **spec):
    container = {"name": "main", "image": "busybox", "command": ["/bin/sh", "-c", script]}
    template = {"spec": {"restartPolicy": restart, "terminationGracePeriodSeconds": 1, "containers": [container], **(pod or {})}}
    return write("POST", JOBS, {"metadata": {"name": name, **(metadata or {})}, "spec": {"template": template, **spec}})


def until(what, condition):
    end = time.time() + 60
    while not condition():
        if time.time() > end:
            problems.append(f"{what} did not happen")
            return
        time.sleep(0.1)


def condition(name, kind):
    status = send("GET", f"{JOBS}/{name}").get("status", {})
    return any(one["type"] == kind and one["status"] == "True" for one in status.get("conditions", []))


def watch(path):
    """Keeps every event of a watch; ends with the program."""

    def read():
        with urllib.request.urlopen(f"{URL}{path}?watch=true&allowWatchBookmarks=true") as stream:
            for line in stream:
                seen.append((path, json.loads(line)))

    threading.Thread(target=read, daemon=True).start()


def make_jobs():
    indexed = {"completionMode": "Indexed", "completions": 3, "parallelism": 3}
    fails_second = "[ $JOB_COMPLETION_INDEX != 1 ]"
    job("complete", metadata={"annotations": {"note": "hello"}}, **indexed)
    job("suspended", suspend=True)
    job("running", "sleep 600")
    job("stopped", "sleep 600")
    job("none", parallelism=0, completions=1)
    job("queue", parallelism=2)
    job("failed", "exit 3", backoffLimit=0)
    job("retried", "exit 3", backoffLimit=1)
    job("restarted", "exit 3", restart="OnFailure", backoffLimit=6)
    job("late", "sleep 600", activeDeadlineSeconds=1)
    job("per-index", fails_second, backoffLimitPerIndex=0, maxFailedIndexes=2, **indexed)
    job("early", fails_second, successPolicy={"rules": [{"succeededIndexes": "0,2", "succeededCount": 1}]}, **indexed)
    rules = [
        {"action": "FailJob", "onExitCodes": {"containerName": "main", "operator": "In", "values": [3]}},
        {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]},
    ]
    job("policy", "exit 3", podFailurePolicy={"rules": rules}, podReplacementPolicy="Failed")
    job("held", "sleep 600", metadata={"finalizers": ["example.com/hold"]})
    job("managed", managedBy="example.com/other")
    job("kept", ttlSecondsAfterFinished=1000, pod={"volumes": [{"name": "v", "emptyDir": {}}], "hostname": "h", "subdomain": "s"})
    job("elsewhere", pod={"schedulerName": "other"})
    job("stubborn", "trap '' TERM; sleep 600 & wait; wait", pod={"terminationGracePeriodSeconds": 600})


def make_others():
    write("POST", CORE + "/configmaps", {"metadata": {"name": "c"}, "data": {"a": "b"}, "binaryData": {"d": "Yg=="}})
    write("POST", CORE + "/secrets", {"metadata": {"name": "s"}, "stringData": {"a": "b"}})
    write("POST", CORE + "/serviceaccounts", {"metadata": {"name": "robot"}})
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    write("POST", CORE + "/persistentvolumeclaims", {"metadata": {"name": "disk"}, "spec": claim})
    containers = [{"name": "main", "image": "busybox", "command": ["true"]}]
    write("POST", CORE + "/pods", {"metadata": {"name": "single"}, "spec": {"restartPolicy": "Never", "containers": containers}})


def bring_on():
    """Waits for the states that come by themselves, and makes the others."""
    until("held runs", lambda: send("GET", f"{JOBS}/held")["status"].get("ready") == 1)
    until("stubborn runs", lambda: send("GET", f"{JOBS}/stubborn")["status"].get("ready") == 1)
    until("stopped runs", lambda: send("GET", f"{JOBS}/stopped")["status"].get("ready") == 1)
    write("DELETE", f"{JOBS}/held?propagationPolicy=Foreground")
    write("PATCH", f"{JOBS}/stopped", {"spec": {"suspend": True}}, "application/merge-patch+json")
    name = send("GET", f"{CORE}/pods?labelSelector=job-name%3Dstubborn")["items"][0]["metadata"]["name"]
    write("DELETE", f"{CORE}/pods/{name}")
    status = {"active": 1, "startTime": "2026-01-01T00:00:00Z"}
    write("PATCH", f"{JOBS}/managed/status", {"status": status}, "application/merge-patch+json")
    applied = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "none", "labels": {"a": "b"}}}
    write("PATCH", f"{JOBS}/none?fieldManager=me", applied, "application/apply-patch+yaml")
    for name in ["complete", "queue", "early", "kept"]:
        until(f"{name} is complete", lambda: condition(name, "Complete"))
    for name in ["failed", "retried", "late", "per-index", "policy"]:
        until(f"{name} has failed", lambda: condition(name, "Failed"))
    for name in ["suspended", "stopped"]:
        until(f"{name} is suspended", lambda: condition(name, "Suspended"))


def resources():
    """All kinds that can be listed, by group and version."""
    groups = ["/api/v1"] + [f"/apis/{group['preferredVersion']['groupVersion']}" for group in send("GET", "/apis")["groups"]]
    for base in groups:
        for resource in send("GET", base)["resources"]:
            if "list" in resource["verbs"] and "metrics.k8s.io" not in base:
                yield base, resource


def read_all():
    for base, resource in resources():
        kinds = send("GET", f"{base}/{resource['name']}")
        validate(kinds, f"GET {base}/{resource['name']}")
        for item in kinds["items"]:
            name, namespace = item["metadata"]["name"], item["metadata"].get("namespace")
            if namespace not in (None, NAMESPACE, "kube-system"):
                continue
            path = f"{base}/namespaces/{namespace}/{resource['name']}/{name}" if namespace else f"{base}/{resource['name']}/{name}"
            one = send("GET", path)
            if one.get("kind") == resource["kind"]:
                validate(one, f"GET {path}")
        if not kinds["items"] and resource["name"] in EXPECTED:
            problems.append(f"{base}/{resource['name']}: nothing to check")
    for path in [f"{JOBS}/running/status", f"{CORE}/pods/single/status"]:
        validate(send("GET", path), f"GET {path}")


def check_watched():
    for path, event in seen:
        if event["type"] != "BOOKMARK":
            validate(event["object"], f"watch {path}: {event['type']}")
    if not seen:
        problems.append("nothing was watched")


seen = []
write("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
for watched in [JOBS, CORE + "/pods", CORE + "/events", "/api/v1/nodes", CORE + "/configmaps"]:
    watch(watched)
make_others()
make_jobs()
bring_on()
read_all()
write("PATCH", f"{JOBS}/held", {"metadata": {"finalizers": None}}, "application/merge-patch+json")
write("DELETE", f"{JOBS}/running?propagationPolicy=Background")
check_watched()
send("DELETE", f"/api/v1/namespaces/{NAMESPACE}")
print("\n".join(sorted(set(problems))))
print(", ".join(f"{count} {kind}" for kind, count in sorted(checked.items())))
sys.exit(1 if problems else 0)
