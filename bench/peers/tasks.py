"""A task that does nothing, on Celery's fastest settings: no results, no events, taken as done when it begins."""
import os

from celery import Celery
from celery.signals import worker_ready

app = Celery(broker=os.environ["BROKER"])
app.conf.update(task_ignore_result=True, worker_disable_rate_limits=True, task_store_errors_even_if_ignored=False)


@app.task(name="noop", ignore_result=True)
def noop(payload):
    pass


def push(count):
    with app.producer_pool.acquire() as producer:
        for _ in range(count):
            noop.apply_async(("x" * 64,), producer=producer)


@worker_ready.connect
def ready(**_):
    open(os.environ["READY"], "w").close()
