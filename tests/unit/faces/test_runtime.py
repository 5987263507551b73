"""Inference talks to nobody, and refuses what is no network."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper

from facewitness.errors import ModelError
from facewitness.faces import FaceReader, Models
from facewitness.faces.fold import fold
from facewitness.faces.runtime import InputFormat, Runtime

from .scenes import fresh, noise

WATCHED = """
import json, sys
from pathlib import Path

seen = set()
sys.addaudithook(lambda event, _: seen.add(event))

import numpy as np
from facewitness.faces import load_models
from facewitness.faces.quality import HEAD
from facewitness.faces.reader import FoundFace
from facewitness.terms.template import TemplateRole

reader = load_models(None).reader(Path(sys.argv[1]), 1)
reader.find(np.zeros((64, 64, 3), np.uint8))
reader.embed([FoundFace(None, None, np.zeros((112, 112, 3), np.uint8))], TemplateRole.SEARCH)
print(json.dumps({"events": sorted(seen), "modules": sorted(sys.modules)}))
"""

TWO_AT_ONCE = """
import sys, threading
from pathlib import Path
import numpy as np
from facewitness.faces.runtime import Runtime

sys.setswitchinterval(1e-5)
network, together, done = Path(sys.argv[1]).read_bytes(), threading.Barrier(2), []

def come():
    together.wait()
    runtime = Runtime(network, 1, (1, 3, 64, 64))
    together.wait()
    done.append(len(runtime.run(np.zeros((1, 64, 64, 3), np.uint8))))

threads = [threading.Thread(target=come) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(done)
"""


@pytest.fixture(scope="module")
def trace(reader: FaceReader, folds: Path) -> dict[str, Any]:
    """What a Python of its own did and imported to find and to embed, the cache being filled."""
    told: dict[str, Any] = json.loads(fresh(WATCHED, folds))
    return told


def test_openvino_s_reporter_is_not_imported(trace: dict[str, Any]) -> None:
    names = trace["modules"]
    assert "openvino" in names
    assert not [name for name in names if "telemetry" in name or name.startswith("openvino.tools.ovc")]


def test_no_connection_is_opened_and_no_program_started(trace: dict[str, Any]) -> None:
    events = trace["events"]
    assert "import" in events
    assert not [one for one in events if one.startswith(("socket.", "subprocess.", "os.fork", "os.posix"))]


def test_with_a_filled_cache_onnx_is_not_imported(trace: dict[str, Any]) -> None:
    assert "onnx" not in trace["modules"]


@pytest.fixture(scope="module")
def network(models: Models) -> bytes:
    return fold(models.detector.read())


def test_two_threads_that_come_first_to_a_network_at_once_do_not_hang(network: bytes, tmp_path: Path) -> None:
    (tmp_path / "network.onnx").write_bytes(network)
    assert fresh(TWO_AT_ONCE, tmp_path / "network.onnx") == "[12, 12]\n"


@pytest.mark.parametrize("data", [b"", b"not a network", b"\0" * 4096, b"<?xml version='1.0'?><net/>"])
def test_bytes_that_are_no_network_are_refused(data: bytes) -> None:
    with pytest.raises(ModelError, match="OpenVINO cannot load the model"):
        Runtime(data, 1, (1, 3, -1, -1))


def test_half_a_network_is_refused(network: bytes) -> None:
    with pytest.raises(ModelError, match="OpenVINO cannot load the model"):
        Runtime(network[: len(network) // 2], 1, (1, 3, -1, -1))


def test_a_network_for_other_inputs_is_refused(network: bytes) -> None:
    with pytest.raises(ModelError, match="OpenVINO cannot load the model"):
        Runtime(network, 1, (1, 5, 64, 64))


def test_outputs_carry_their_names_and_follow_the_input(network: bytes) -> None:
    runtime = Runtime(network, 1, (1, 3, -1, -1))
    outputs = runtime.run(np.zeros((1, 64, 96, 3), np.uint8))
    assert set(outputs) == set(runtime.output_names)
    assert outputs["cls_8"].size == 64 * 96 // 8**2
    assert -1 in runtime.output_shape


def test_what_a_run_gave_is_not_changed_by_the_next(network: bytes) -> None:
    runtime = Runtime(network, 1, (1, 3, -1, -1))
    black = runtime.run(np.zeros((1, 64, 64, 3), np.uint8))
    kept = {name: values.copy() for name, values in black.items()}
    runtime.run(noise(64, 64)[None])
    assert all(np.array_equal(black[name], kept[name]) for name in kept)


def test_the_thread_that_asks_does_the_work(network: bytes) -> None:
    runtime, pixels = Runtime(network, 2, (1, 3, -1, -1)), np.zeros((1, 640, 640, 3), np.uint8)
    runtime.run(pixels)
    here, everywhere = time.thread_time(), time.process_time()
    for _ in range(5):
        runtime.run(pixels)
    assert time.thread_time() - here > 0.7 * (time.process_time() - everywhere)


def test_more_threads_than_may_run_at_once_wait_for_each_other(network: bytes) -> None:
    runtime = Runtime(network, 2, (1, 3, -1, -1))
    pixels = [np.full((1, 64, 64, 3), value, np.uint8) for value in range(8)]
    alone = [runtime.run(one)["cls_8"] for one in pixels]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda one: runtime.run(one)["cls_8"], pixels))
    assert all(map(np.array_equal, alone, together))


def mirror() -> bytes:
    """A network that gives what it is given."""
    shape = ("n", 3, "h", "w")
    graph = helper.make_graph(
        [helper.make_node("Identity", ["in"], ["out"])],
        "mirror",
        [helper.make_tensor_value_info("in", onnx.TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("out", onnx.TensorProto.FLOAT, shape)],
    )
    opset = helper.make_opsetid("", 17)
    return bytes(helper.make_model(graph, opset_imports=[opset], ir_version=8).SerializeToString())


@pytest.mark.parametrize(("colour", "order"), [("rgb", slice(None)), ("bgr", slice(None, None, -1))])
def test_the_network_gets_planes_in_the_wanted_colour_order_mean_and_scale(colour: str, order: slice) -> None:
    pixels = np.stack([noise(6, 4), noise(6, 4)[::-1]])
    runtime = Runtime(mirror(), 1, (-1, 3, -1, -1), InputFormat(colour, 127.5, 0.5))
    [given] = runtime.run(pixels[:, :, ::-1]).values()  # a view, not contiguous
    expected = (pixels[:, :, ::-1, order].transpose(0, 3, 1, 2).astype(np.float32) - 127.5) / 2
    np.testing.assert_array_equal(given, expected)
