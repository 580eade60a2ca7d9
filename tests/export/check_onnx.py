"""Runs exported networks in ONNX Runtime: each has to give what runner gave.

usage: check_onnx.py MODEL.onnx CHECK.safetensors [MODEL.onnx CHECK.safetensors]...      (needs: pip install onnxruntime onnx)

CHECK.safetensors is that of `runner export --to torch` of the same run: examples as the network reads them, before
scaling if they are pictures, and runner's outputs. For other examples the scaling is undone first. Prints a line for each,
and exits with 1 if one differs.
"""
import json, pathlib, struct, sys

import numpy, onnx, onnxruntime


def tensors(path):
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    types = {"F32": "<f4", "I64": "<i8", "U8": "|u1"}
    found = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            found[name] = numpy.frombuffer(content[begin:end], types[entry["dtype"]]).reshape(entry["shape"])
    return found


def unscaled(model, inputs):
    constants = {c.name: onnx.numpy_helper.to_array(c) for c in model.graph.initializer}
    return inputs.astype("float64") * constants["input.std"] + constants["input.mean"]


failed = 0
for path, check in zip(sys.argv[1::2], sys.argv[2::2]):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (described,) = session.get_inputs()
    saved = tensors(check)
    inputs = saved["inputs"].reshape(len(saved["inputs"]), *described.shape[1:])
    inputs = saved["pixels"] if "pixels" in saved else unscaled(model, inputs)
    dtype = {"tensor(float)": "float32", "tensor(double)": "float64"}[described.type]
    inputs = inputs.reshape(len(inputs), *described.shape[1:]).astype(dtype)
    logits, probabilities = session.run(["logits", "probabilities"], {"input": inputs})
    difference = float(numpy.abs(logits - saved["logits"]).max())
    tolerance = 1e-3 * max(1, float(numpy.abs(saved["logits"]).max()))
    chosen = logits[numpy.arange(len(logits)), saved["predictions"]]
    right = bool((chosen >= logits.max(1) - tolerance).all()) and difference <= tolerance
    right &= bool(numpy.allclose(probabilities.sum(1), 1, atol=1e-5))
    names = json.loads({p.key: p.value for p in model.metadata_props}["class_names"])
    print(f"{pathlib.Path(path).name}: {len(logits)} examples of {len(names)} classes, no output differs by more than {difference:.1e}"
          f"{'' if right else ': WRONG'}")
    failed += not right
sys.exit(1 if failed else 0)
