"""Jobs made, read, watched, patched, replaced and deleted by the official client. Usage: lifecycle.py URL"""

import sys

from kubernetes import client, dynamic, utils, watch
from kubernetes.client.exceptions import ApiException

NAMESPACE = "lifecycle"

configuration = client.Configuration()
configuration.host = sys.argv[1]
api = client.ApiClient(configuration)
batch, core = client.BatchV1Api(api), client.CoreV1Api(api)


def job(name, script, **spec):
    container = client.V1Container(name="main", image="busybox", command=["/bin/sh", "-c", script])
    pod = client.V1PodSpec(restart_policy="Never", containers=[container], termination_grace_period_seconds=1)
    template = client.V1PodTemplateSpec(spec=pod)
    metadata = client.V1ObjectMeta(name=name, labels={"made-by": "python"})
    return client.V1Job(metadata=metadata, spec=client.V1JobSpec(template=template, **spec))


def expect(what, value, wanted):
    if value != wanted:
        sys.exit(f"{what}: {value!r} instead of {wanted!r}")


def refused(what, status, call):
    try:
        call()
    except ApiException as error:
        expect(what, error.status, status)
        return
    sys.exit(f"{what} is not refused")


def watched(name, until):
    """The conditions that hold, event by event, until one of them comes."""
    stream = watch.Watch()
    for event in stream.stream(batch.list_namespaced_job, NAMESPACE, field_selector=f"metadata.name={name}", timeout_seconds=60):
        conditions = event["object"].status.conditions or []
        if until in [one.type for one in conditions if one.status == "True"]:
            stream.stop()
            return event["object"]
    sys.exit(f"{name} has not become {until}")


expect("version", client.VersionApi(api).get_code().major, "1")
core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=NAMESPACE)))

made = batch.create_namespaced_job(NAMESPACE, job("one", "echo hello from python", completions=2, completion_mode="Indexed", parallelism=2))
expect("defaults", (made.spec.backoff_limit, made.spec.suspend), (6, False))
refused("the same name again", 409, lambda: batch.create_namespaced_job(NAMESPACE, job("one", "true")))
done = watched("one", "Complete")
expect("succeeded", (done.status.succeeded, done.status.completed_indexes), (2, "0,1"))
pods = core.list_namespaced_pod(NAMESPACE, label_selector="job-name=one").items
expect("pods", sorted(pod.metadata.labels["batch.kubernetes.io/job-completion-index"] for pod in pods), ["0", "1"])
expect("log", core.read_namespaced_pod_log(pods[0].metadata.name, NAMESPACE), "hello from python\n")

batch.create_namespaced_job(NAMESPACE, job("two", "sleep 600", suspend=True, completions=4, parallelism=1))
watched("two", "Suspended")
batch.patch_namespaced_job("two", NAMESPACE, {"spec": {"parallelism": 2, "suspend": False}})
batch.patch_namespaced_job("two", NAMESPACE, [{"op": "add", "path": "/metadata/labels/json", "value": "1"}])
batch.patch_namespaced_job("two", NAMESPACE, {"metadata": {"labels": {"made-by": None}}}, _content_type="application/merge-patch+json")
read = batch.read_namespaced_job("two", NAMESPACE)
expect("labels", (read.metadata.labels.get("json"), read.metadata.labels.get("made-by"), read.spec.parallelism), ("1", None, 2))

def replace(name, change):
    """Reads, changes and replaces until nobody was faster."""
    for _ in range(50):
        job = batch.read_namespaced_job(name, NAMESPACE)
        change(job)
        try:
            return batch.replace_namespaced_job(name, NAMESPACE, job)
        except ApiException as error:
            if error.status != 409:
                raise
    sys.exit(f"{name} can't be replaced")


stale = batch.read_namespaced_job("two", NAMESPACE)
stale.metadata.resource_version = made.metadata.resource_version
replaced = replace("two", lambda job: setattr(job.metadata, "annotations", {"replaced": "yes"}))
expect("replaced", replaced.metadata.annotations, {"replaced": "yes"})
refused("a stale replace", 409, lambda: batch.replace_namespaced_job("two", NAMESPACE, stale))
refused("another image", 422, lambda: batch.patch_namespaced_job(
    "two", NAMESPACE, {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "x"}]}}}}))

expect("dry run", batch.create_namespaced_job(NAMESPACE, job("dry", "true"), dry_run="All").metadata.name, "dry")
refused("what was made dry", 404, lambda: batch.read_namespaced_job("dry", NAMESPACE))
manifest = {
    "apiVersion": "batch/v1", "kind": "Job", "metadata": {"generateName": "drawn-", "namespace": NAMESPACE},
    "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "b", "command": ["true"]}]}}},
}
utils.create_from_dict(api, manifest)
jobs = dynamic.DynamicClient(api).resources.get(api_version="batch/v1", kind="Job")
expect("by the dynamic client", len(jobs.get(namespace=NAMESPACE).items), 3)

stream = watch.Watch()
batch.delete_namespaced_job("two", NAMESPACE, propagation_policy="Foreground")
for event in stream.stream(batch.list_namespaced_job, NAMESPACE, resource_version=read.metadata.resource_version, timeout_seconds=60):
    if event["type"] == "DELETED" and event["object"].metadata.name == "two":
        break
else:
    sys.exit("two is not seen to go")
refused("what was deleted", 404, lambda: batch.read_namespaced_job("two", NAMESPACE))
batch.delete_collection_namespaced_job(NAMESPACE, label_selector="made-by=python", propagation_policy="Background")
left = [one.metadata.name for one in batch.list_namespaced_job(NAMESPACE).items]
expect("left", [name[:6] for name in left], ["drawn-"])
core.delete_namespace(NAMESPACE)
print("all as expected")
