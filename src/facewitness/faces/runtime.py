"""Inference. The only module that imports OpenVINO."""

import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from queue import LifoQueue
from typing import Any

import numpy as np
import numpy.typing as npt

from facewitness.errors import ModelError

Tensor = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

_IMPORTING = threading.Lock()

_CONFIG = {
    # Templates must not depend on the machine: no bfloat16 where the processor happens to have it.
    "INFERENCE_PRECISION_HINT": "f32",
    # Photos side by side beat a photo spread over the cores.
    "NUM_STREAMS": 1,
    "INFERENCE_NUM_THREADS": 1,
    "ENABLE_CPU_PINNING": False,
}


@dataclass(frozen=True, slots=True)
class InputFormat:
    """What a network wants its pixels to be like."""

    colour: str = "rgb"
    """`rgb` or `bgr`."""
    mean: float = 0.0
    """Taken from each value of 0 to 255,"""
    scale: float = 1.0
    """before it is multiplied by this."""


class Runtime:
    """One network, ready to run. Any number of threads may run it; each runs on one core."""

    def __init__(
        self, model: bytes, threads: int, shape: Sequence[int], wanted: InputFormat = InputFormat()
    ) -> None:
        """Prepare `model`, whose input has the `shape` (n, 3, height, width); -1 stands for any length.

        At most `threads` run it at a time, the others wait. ModelError where OpenVINO cannot load it.
        """
        openvino = _import_openvino()
        self._core = openvino.Core()
        try:
            network = self._core.read_model(model)
            network.reshape(openvino.PartialShape(list(shape)))
            self.output_names = tuple(one.any_name for one in network.outputs)  # compiling may rename them
            self._compiled = self._core.compile_model(_for_pixels(network, wanted), "CPU", _CONFIG)
        except RuntimeError as error:
            said = str(error).strip().splitlines()[-1]
            raise ModelError(f"OpenVINO cannot load the model: {said}") from error
        self._idle = LifoQueue[Any | None]()  # None: one that may still be made, when the others are at work
        for request in (*[None] * (threads - 1), self._compiled.create_infer_request()):
            self._idle.put(request)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Shape of the first output; -1 where it follows the input."""
        shape = self._compiled.outputs[0].partial_shape
        return tuple(one.get_length() if one.is_static else -1 for one in shape)

    def run(self, batch: Pixels) -> Mapping[str, Tensor]:
        """The outputs by name, for (n, height, width, 3) RGB pixels."""
        request = self._idle.get()
        try:
            request = request or self._another()
            request.infer({0: np.ascontiguousarray(batch)}, share_inputs=True)
            return {
                name: request.get_output_tensor(at).data.copy() for at, name in enumerate(self.output_names)
            }
        finally:
            self._idle.put(request)

    def _another(self) -> Any:
        """One more copy of the compiled network: OpenVINO runs it in the thread that asks.

        Of one that several threads share, it hands each run to a thread of its own, and the one that asked
        sleeps until that is done: a tenth fewer photos a second, more on a busy machine.
        """
        exported = self._compiled.export_model().getvalue()  # in a third of the time that compiling takes
        return self._core.import_model(BytesIO(exported), "CPU", _CONFIG).create_infer_request()


def _for_pixels(network: Any, wanted: InputFormat) -> Any:
    """The network with what leads from RGB pixels to its own input before it: a copy less, and less code."""
    from openvino import Layout, Type
    from openvino.preprocess import PrePostProcessor

    before = PrePostProcessor(network)
    before.input().tensor().set_element_type(Type.u8).set_layout(Layout("NHWC"))
    before.input().model().set_layout(Layout("NCHW"))
    steps = before.input().preprocess()
    if wanted.colour == "bgr":
        steps.reverse_channels()
    steps.convert_element_type(Type.f32).mean(wanted.mean).scale(1 / wanted.scale)
    return before.build()


def _import_openvino() -> Any:
    """OpenVINO without its model converter, whose import reports itself to a statistics service.

    Facewitness talks to nobody. OpenVINO goes on without the converter where that cannot be imported.
    """
    with _IMPORTING:
        if "openvino" not in sys.modules:
            sys.modules["openvino.tools.ovc"] = None  # type: ignore[assignment]  # makes its import fail
        try:
            import openvino
        finally:
            if sys.modules.get("openvino.tools.ovc", ...) is None:
                del sys.modules["openvino.tools.ovc"]
        # OpenVINO fills its table of number types at the first use; two threads that come first to it at the
        # same time wait for each other for ever.
        openvino.Type.f32.to_dtype()
        return openvino
