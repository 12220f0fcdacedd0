"""Writes hand_written.safetensors byte by byte, with no library, as the format's description says it is laid out."""
import json
import pathlib
import struct

tensors = [
    ("weight", "F32", [2, 3], struct.pack("<6f", 1.5, -2.0, 0.1, 3e38, -0.0, 1e-45)),
    ("scale", "F64", [], struct.pack("<d", 0.1)),
    ("nothing", "I32", [0, 4], b""),
    ("steps", "I64", [1], struct.pack("<q", -(2**62))),
    ("half", "BF16", [2], bytes([0x80, 0x3F, 0x00, 0xC0])),
    ("größe", "U8", [5], bytes([0, 1, 127, 128, 255])),
]
header, offset = {"__metadata__": {"format": "pt", "note": 'quoted "text" \\ ü'}}, 0
for name, dtype, shape, data in tensors:
    header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len(data)]}
    offset += len(data)
text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
text += b" " * (-len(text) % 8)
path = pathlib.Path(__file__).with_name("hand_written.safetensors")
path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data for *_, data in tensors))
