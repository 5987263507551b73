"""Fold a model file's constants once: what dequantises its weights in every run becomes plain weights.

The default models store their weights as 8-bit blocks and dequantise them inside the graph; SFace lists them
as graph inputs besides, so that neither OpenVINO nor onnxruntime takes the file as it is. The folded file is
kept in the cache under the digest of the file that it came from, beside its own digest.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from facewitness.errors import ModelError

RECIPE = 1
"""Part of the cached file's name; raised when folding changes."""


def folded(model: bytes, sha256: str, cache: Path) -> bytes:
    """The model with its constants folded, from the cache where it lies there undamaged.

    ModelError where the file is not a model that can be folded.
    """
    kept = cache / f"{sha256[:16]}-folded-{RECIPE}.onnx"
    try:
        data, wanted = kept.read_bytes(), kept.with_suffix(".sha256").read_text().strip()
        if hashlib.sha256(data).hexdigest() == wanted:
            return data
    except (OSError, ValueError):  # ValueError: the digest's file is damaged, and no text
        pass
    data = fold(model)
    try:
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        _put(kept, data)
        _put(kept.with_suffix(".sha256"), hashlib.sha256(data).hexdigest().encode())
    except OSError:  # a cache that cannot be written costs a second at each start, nothing more
        pass
    return data


def fold(model: bytes) -> bytes:
    """Compute every node that depends on constants alone, and leave its value in its place."""
    # Half a second to import, needed once in the life of a cache.
    import onnx
    from onnx import helper, numpy_helper
    from onnx.reference import ReferenceEvaluator

    try:
        whole = onnx.load_model_from_string(model)
        graph = whole.graph
        if not graph.node:  # of few or no bytes, ONNX makes a model without a network
            raise ValueError("it holds no network")
        constants, others = _split(graph)
        needed = {name for node in others for name in node.input}
        outputs = [name for node in constants for name in node.output if name in needed]
        only_constants = helper.make_graph(
            constants,
            "constants",
            [],
            [helper.make_empty_tensor_value_info(name) for name in outputs],
            initializer=graph.initializer,
        )
        evaluator = ReferenceEvaluator(
            helper.make_model(only_constants, opset_imports=whole.opset_import, ir_version=whole.ir_version)
        )
        values = evaluator.run(None, {})
    except Exception as error:
        raise ModelError(
            f"The model file cannot be prepared: {str(error) or type(error).__name__}."
        ) from error
    weights = [one for one in graph.initializer if one.name in needed]
    weights += [numpy_helper.from_array(value, name) for name, value in zip(outputs, values, strict=True)]
    known = {one.name for one in weights}
    inputs = [one for one in graph.input if one.name in needed - known]
    for field, content in (
        (graph.node, others),
        (graph.initializer, weights),
        (graph.input, inputs),
        (graph.value_info, ()),
    ):
        del field[:]
        field.extend(content)
    return bytes(whole.SerializeToString())


def _split(graph: Any) -> tuple[list[Any], list[Any]]:
    """The nodes that depend on constants alone, and the others; both in the graph's order."""
    known = {one.name for one in graph.initializer}
    constants, others = [], []
    for node in graph.node:
        if all(name in known or not name for name in node.input):
            constants.append(node)
            known.update(node.output)
        else:
            others.append(node)
    return constants, others


def _put(path: Path, data: bytes) -> None:
    """Whole or not at all, whoever else is writing it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
