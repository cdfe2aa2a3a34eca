"""What the line networks share: records of a drawer, convolutions with batch norm, export."""
import queue
import subprocess
import threading

import numpy as np
import torch
from torch import nn


def records(command, size, count, ahead, prepare):
    """Yields what `prepare` yields for `count` records of `size` bytes that a drawer writes, up to
    `ahead` of them before they are asked for."""
    ready = queue.Queue(maxsize=ahead)

    def read():
        drawn = subprocess.Popen(command, stdout=subprocess.PIPE)
        while True:
            raw = drawn.stdout.read(size * count)
            if len(raw) < size * count:
                raise SystemExit("the drawer ended")
            for batch in prepare(np.frombuffer(raw, dtype=np.uint8).reshape(count, size)):
                ready.put(batch)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield ready.get()


def network(shapes, answers):
    """`shapes`: output channels, kernel, stride, padding of each convolution."""
    layers, inputs = [], 1
    for outputs, kernel, stride, padding in shapes:
        layers += [nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False),
                   nn.BatchNorm2d(outputs), nn.ReLU()]
        inputs = outputs
    layers.append(nn.Conv2d(inputs, answers, 1))
    return nn.Sequential(*layers)


def folded(net):
    """Weights and biases with the batch norms taken in."""
    layers = list(net)
    for conv, norm in zip(layers[:-1:3], layers[1:-1:3]):
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        yield (conv.weight * scale.view(-1, 1, 1, 1)).detach().numpy(), \
            (norm.bias - norm.running_mean * scale).detach().numpy()
    yield layers[-1].weight.detach().numpy(), layers[-1].bias.detach().numpy()


def unfold(net, path, strips):
    """Weights from an exported file; batch norms that change nothing on `strips`."""
    import onnx
    from onnx import numpy_helper
    known = {w.name: torch.from_numpy(numpy_helper.to_array(w).copy())
             for w in onnx.load(path).graph.initializer}
    layers, seen = list(net), strips
    with torch.no_grad():
        for i, (conv, norm) in enumerate(zip(layers[:-1:3], layers[1:-1:3])):
            conv.weight.copy_(known[f"w{i}"])
            seen = conv(seen)
            mean, var = seen.mean((0, 2, 3)), seen.var((0, 2, 3))
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(var)
            norm.weight.copy_(torch.sqrt(var + norm.eps))
            norm.bias.copy_(known[f"b{i}"] + mean)
            seen = torch.relu(seen + known[f"b{i}"].view(1, -1, 1, 1))
        last = len(layers) // 3
        layers[-1].weight.copy_(known[f"w{last}"])
        layers[-1].bias.copy_(known[f"b{last}"])


def export(net, path, name_of_graph, height):
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    nodes, weights, name = [], [], "strip"
    shapes = [(layer.kernel_size, layer.stride, layer.padding)
              for layer in net if isinstance(layer, nn.Conv2d)]
    for i, ((weight, bias), (kernel, stride, pad)) in enumerate(zip(folded(net), shapes)):
        weights += [numpy_helper.from_array(weight.astype(np.float32), f"w{i}"),
                    numpy_helper.from_array(bias.astype(np.float32), f"b{i}")]
        last = i == len(shapes) - 1
        out = "frames" if last else f"c{i}"
        nodes.append(helper.make_node("Conv", [name, f"w{i}", f"b{i}"], [out], kernel_shape=kernel,
                                      strides=stride, pads=[pad[0], pad[1], pad[0], pad[1]]))
        if not last:
            nodes.append(helper.make_node("Relu", [out], [f"r{i}"]))
            name = f"r{i}"
    value = lambda n, shape: helper.make_tensor_value_info(n, TensorProto.FLOAT, shape)
    graph = helper.make_graph(
        nodes, name_of_graph, [value("strip", [1, 1, height, "width"])],
        [value("frames", [1, bias.shape[0], 1, "frames"])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], producer_name="")
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)
