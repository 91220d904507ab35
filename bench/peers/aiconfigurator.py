"""Asks aiconfigurator for the throughput of configurations: JSON questions on stdin, JSON answers on stdout.

A question is {"key", "names", "config", "system", "estimate"}: `names` are repositories whose config.json the wheel may
carry, first choice first; `config` is one to write down where it carries none; `estimate` goes to `cli_estimate` as it
is. An answer has the rate in requests per second, latencies in milliseconds, the database mode that answered, or the
error. All in one process, so that each system's database is read once.
"""

import json
import logging
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import aiconfigurator_core
from aiconfigurator.cli.api import cli_estimate
from aiconfigurator_core.sdk.common import DefaultHFModels
from aiconfigurator_core.sdk.perf_database import get_latest_database_version

BACKEND = "vllm"
ROOT = Path(aiconfigurator_core.__file__).parent


def model_of(question, folder):
    """A name that the wheel carries, or a folder with the given config.json."""
    for name in question["names"]:
        if name in DefaultHFModels:
            return name
    place = Path(folder) / str(abs(hash(json.dumps(question["config"]))))
    place.mkdir(exist_ok=True)
    (place / "config.json").write_text(json.dumps(question["config"]))
    return str(place)


def modes_of(system, versions):
    """SILICON is the default, HYBRID what its help recommends beyond it; a system without tables answers SOL only."""
    if system not in versions:
        versions[system] = get_latest_database_version(system=system, backend=BACKEND)
    version = versions[system]
    return ([("SILICON", version)] if version else []) + [("HYBRID", version)] + ([] if version else [("SOL", version)])


def answer(question, folder, versions):
    error = "no system file for this card"
    if question["system"] is None or not (ROOT / "systems" / f"{question['system']}.yaml").exists():
        return {"error": error}
    model = model_of(question, folder)
    # Found once: `cli_estimate` finds it anew on every call, which takes seconds.
    for mode, version in modes_of(question["system"], versions):
        started = time.perf_counter()
        try:
            found = cli_estimate(
                model,
                question["system"],
                backend_name=BACKEND,
                backend_version=version,
                database_mode=mode,
                **question["estimate"],
            )
        except Exception as fault:  # noqa: BLE001 - whatever it raises is its answer
            error = f"{type(fault).__name__}: {fault}"
            continue
        return {
            "mode": mode,
            "version": version,
            "requestsPerSecond": float(found.raw["request_rate"]),
            "tokensPerSecond": float(found.tokens_per_second),
            "ttftMs": float(found.ttft),
            "tpotMs": float(found.tpot),
            "seconds": time.perf_counter() - started,
            "beyondItsCache": found.kv_cache_warning is not None,
        }
    return {"error": error}


def main():
    logging.disable(logging.CRITICAL)
    questions = json.load(open(sys.argv[1]) if len(sys.argv) > 1 else sys.stdin)
    versions = {}
    # stdout is for the answers alone, whatever the library prints.
    out, sys.stdout = sys.stdout, sys.stderr
    with tempfile.TemporaryDirectory() as folder:
        answers = {question["key"]: answer(question, folder, versions) for question in questions}
    json.dump(answers, out)


if __name__ == "__main__":
    main()
