"""Makes the frozen AVIF, HEIC, MP4 and WebM files of ContainersTest: small pictures and videos drawn from formulae.

Run in this folder, with Pillow 9.4.0 and, on the path, `ffmpeg` 5.1 (with x264, x265, libaom, libvpx), `avifenc` 0.11 and
`heif-enc` 1.15, `cjxl` 0.7. `scene.png` is the picture of all stills; `turned-scene.png` the same, turned by a quarter to the left.
Videos show six scenes of one second each, every scene of one colour (see COLOURS) with a white square in its upper left corner.
"""
import os
import struct
import subprocess
import tempfile

from PIL import Image, ImageDraw

COLOURS = [(200, 40, 40), (40, 160, 60), (50, 70, 200), (210, 200, 60), (30, 30, 30), (190, 90, 200)]
here = os.getcwd()


def run(*command):
    subprocess.check_call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def scene():
    img = Image.new("RGB", (96, 72))
    img.putdata([(40 + x * 2, 30 + y * 2, 120 + (x + y) // 2) for y in range(72) for x in range(96)])
    draw = ImageDraw.Draw(img)
    draw.rectangle([4, 4, 27, 23], fill=(255, 255, 255))
    draw.ellipse([50, 30, 90, 66], fill=(220, 60, 20))
    return img


scene().save("scene.png")
scene().transpose(Image.ROTATE_90).save("turned-scene.png")
scene().convert("L").save("grey-scene.png")
clear = scene().convert("RGBA")
mask = Image.new("L", clear.size, 255)
ImageDraw.Draw(mask).rectangle([60, 0, 95, 20], fill=0)
clear.putalpha(mask)
clear.save("clear-scene.png")

for name, options in [
    ("420.avif", ["-y", "420", "--min", "8", "--max", "12"]),
    ("444-10.avif", ["-y", "444", "-d", "10", "--min", "4", "--max", "8"]),
    ("limited.avif", ["-y", "444", "-r", "limited", "--min", "4", "--max", "8"]),
    ("lossless.avif", ["-l"]),
    ("turned.avif", ["-l", "--irot", "1"]),
    ("mirrored.avif", ["-l", "--imir", "0"]),
    ("grid.avif", ["-y", "444", "--grid", "1x1"]),
]:
    run("avifenc", "-s", "8", *options, "scene.png", name)
run("avifenc", "-s", "8", "-y", "400", "--min", "4", "--max", "8", "grey-scene.png", "grey.avif")
run("avifenc", "-s", "8", "-l", "clear-scene.png", "alpha.avif")
run("heif-enc", "-q", "90", "scene.png", "-o", "still.heic")
run("heif-enc", "-q", "90", "clear-scene.png", "-o", "alpha.heic")

run("cjxl", "scene.png", "lossless.jxl", "-d", "0")
run("cjxl", "clear-scene.png", "alpha.jxl", "-d", "0")
run("cjxl", "scene.png", "lossy.jxl", "-d", "1")
run("cjxl", "blended.png", "animated.jxl", "-d", "0")
scene().save("scene.bmp")
scene().convert("P").save("palette.bmp")
scene().convert("P").convert("RGB").save("palette-scene.png")

# What `picket doctor` tries a machine with.
probes = "../../../../../../main/resources/org/picket/crawler/image/probe."
small = scene().resize((32, 32))
for name in ("jpeg", "png", "gif", "webp", "bmp"):
    small.save(probes + name, format=name.upper())
small.save("small-scene.png")
run("avifenc", "-s", "8", "small-scene.png", "probe.avif")
run("heif-enc", "small-scene.png", "-o", "probe.heic")
run("cjxl", "small-scene.png", "probe.jxl")
run("ffmpeg", "-y", "-v", "error", "-i", "small-scene.png", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-fflags", "+bitexact", "-map_metadata", "-1", "probe.mp4")
run("ffmpeg", "-y", "-v", "error", "-i", "small-scene.png", "-c:v", "libvpx", "-fflags", "+bitexact", "-map_metadata", "-1", "probe.webm")
for made, name in (("probe.avif", "avif"), ("probe.heic", "heic"), ("probe.jxl", "jxl"), ("probe.mp4", "mp4"), ("probe.webm", "matroska")):
    os.replace(made, probes + name)
os.remove("small-scene.png")

with tempfile.TemporaryDirectory() as folder:
    # A grid of two by two tiles, each at least 64 pixels a side, of a picture twice as large.
    large = scene().resize((192, 144), Image.NEAREST)
    large.save("large-scene.png")
    tiles = []
    for i, box in enumerate([(0, 0, 96, 72), (96, 0, 192, 72), (0, 72, 96, 144), (96, 72, 192, 144)]):
        tiles.append(f"{folder}/tile{i}.png")
        large.crop(box).save(tiles[-1])
    run("avifenc", "-s", "8", "-y", "444", "--min", "4", "--max", "8", "--grid", "2x2", *tiles, "grid.avif")

    for i in range(60):
        frame = Image.new("RGB", (96, 72), COLOURS[i // 10])
        ImageDraw.Draw(frame).rectangle([4, 4, 35, 27], fill=(255, 255, 255))
        frame.save(f"{folder}/{i:02}.png")
    source = ["ffmpeg", "-y", "-v", "error", "-framerate", "10", "-i", f"{folder}/%02d.png", "-an", "-map_metadata", "-1", "-fflags", "+bitexact"]
    run(*source, "-vf", "fps=2", "-c:v", "libaom-av1", "-cpu-used", "8", "-crf", "20", "-pix_fmt", "yuv420p", "-g", "4", "sequence.avif")
    x264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "18"]
    run(*source, *x264, "-g", "10", "-bf", "2", "-movflags", "+faststart", "h264.mp4")
    run(*source, *x264, "-g", "9999", "-sc_threshold", "0", "-bf", "2", "single-key.mp4")
    run(*source, *x264, "-x264-params", "open-gop=1:keyint=10:bframes=3", "open-group.mp4")
    run(*source, *x264, "-g", "10", "-movflags", "+frag_keyframe+empty_moov+default_base_moof", "fragmented.mp4")
    # A quarter to the right: the matrix of the track's header.
    turned = bytearray(open("h264.mp4", "rb").read())
    at = turned.index(b"tkhd") + 4 + 40
    turned[at:at + 36] = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    open("turned.mp4", "wb").write(turned)
    run(*source, *x264, "-g", "10", "h264.mkv")
    run(*source, "-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-crf", "18", "-tag:v", "hvc1", "-x265-params", "keyint=10:log-level=none", "hevc-10.mp4")
    run(*source, "-c:v", "mpeg4", "-q:v", "2", "-g", "10", "mpeg4.mp4")
    run(*source, "-c:v", "libaom-av1", "-cpu-used", "8", "-crf", "20", "-g", "10", "av1.mp4")
    run(*source, "-c:v", "libvpx", "-pix_fmt", "yuv420p", "-crf", "8", "-b:v", "1M", "-g", "10", "vp8.webm")
    run(*source, "-c:v", "libvpx-vp9", "-pix_fmt", "yuv420p", "-crf", "20", "-b:v", "0", "-g", "10", "vp9.webm")
    run(*source, "-c:v", "libvpx-vp9", "-pix_fmt", "yuv444p", "-crf", "20", "-b:v", "0", "-g", "10", "-f", "webm", "-live", "1", "live.webm")
    run("ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", "-fflags", "+bitexact", "sound.m4a")
