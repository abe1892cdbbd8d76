"""Turns pictures of a folder into 224 by 224 views with Pillow: for each line "MODE SECONDS" on the input, the rate in pictures
a second on the output. MODE is full (decode, then resize) or draft (let the JPEG decoder scale as far as Pillow allows)."""
import io
import os
import sys
import time

from PIL import Image

folder, size = sys.argv[1], int(sys.argv[2])
files = [open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder))]


def view(file, draft):
    img = Image.open(io.BytesIO(file))
    if draft:
        img.draft("RGB", (2 * size, 2 * size))
    img = img.convert("RGB")
    short = min(img.size)
    width, height = (max(size, size * side // short) for side in img.size)
    img = img.resize((width, height), Image.BICUBIC)
    left, top = (width - size) // 2, (height - size) // 2
    return img.crop((left, top, left + size, top + size)).tobytes()


print("ready", flush=True)
for line in sys.stdin:
    mode, seconds = line.split()
    begin, done = time.perf_counter(), 0
    while time.perf_counter() - begin < float(seconds):
        view(files[done % len(files)], mode == "draft")
        done += 1
    print(done / (time.perf_counter() - begin), flush=True)
