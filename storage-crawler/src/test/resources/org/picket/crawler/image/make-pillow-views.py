"""Makes the frozen table of PillowTableTest: pictures of every coding, and the views that Pillow makes of them.

Run in this folder with Pillow 9.4.0 on the path (Debian 12's python3-pil). Every picture is drawn from formulae and a
seed. `pillow.txt` gets one line a case: file, view size, number of views, then either `=` and the SHA-256 over all views one
after the other, or `~`, the largest mean difference allowed (of 255), where its views begin in `pillow.bin` (zlib), and
whether it counts for the average over scaled cases.

Pillow always decodes the whole picture here and then resizes: what the views of a decoder that scales while it decodes are
held against, too. The sizes are spread over what is left to resize after that, from 2 to 4 times.
"""
import hashlib
import math
import random
import struct
import zlib

from PIL import Image, ImageDraw, ImageOps

# The most of any one case; those at 1/8, where libjpeg takes means, are the worst.
SCALED = 0.5
# Pillow and OpenCV turn CMYK into RGB by formulae that differ in their rounding.
CMYK = 1.5
lines, frozen = [], bytearray()


def photo(width, height, seed):
    """Waves, blobs and a little grain: as smooth and as sharp as a photograph."""
    rng = random.Random(seed)
    blobs = [(rng.random() * width, rng.random() * height, 20 + rng.random() * 90, [rng.randrange(-90, 90) for _ in "rgb"]) for _ in range(7)]
    data = []
    for y in range(height):
        for x in range(width):
            base = 120 + 35 * math.sin(x / 37.0) + 30 * math.cos(y / 29.0)
            rgb = [base, base + 14 * math.sin((x + y) / 53.0), base - 12 * math.cos((x - 2 * y) / 71.0)]
            for bx, by, r, colour in blobs:
                d = math.hypot(x - bx, y - by)
                if d < r:
                    rgb = [v + c * min(1, (r - d) / 3) for v, c in zip(rgb, colour)]
            grain = rng.gauss(0, 2)
            data.append(tuple(max(0, min(255, round(v + grain))) for v in rgb))
    img = Image.new("RGB", (width, height))
    img.putdata(data)
    return img


def mask(width, height):
    img = Image.new("L", (width, height))
    img.putdata([min(255, (x * 300) // width) if y % 9 else 128 for y in range(height) for x in range(width)])
    return img


def views(img, size):
    short, long = min(img.size), max(img.size)
    long_side = int(size * long / short)
    wide = img.size[0] > img.size[1]
    resized = img.resize((long_side, size) if wide else (size, long_side), Image.BICUBIC)
    if 3 * long <= 4 * short:
        offsets = [int(round((long_side - size) / 2.0))]
    else:
        n = math.ceil(long / short)
        offsets = [int(round(i * (long_side - size) / (n - 1))) for i in range(n)]
    for o in offsets:
        yield resized.crop((o, 0, o + size, size) if wide else (0, o, size, o + size)).tobytes()


def grounds(img):
    img = img.convert("RGBA")
    over = [Image.new("RGB", img.size, c) for c in ((255, 255, 255), (0, 0, 0))]
    for ground in over:
        ground.paste(img.convert("RGB"), mask=img.getchannel("A"))
    return over if img.getchannel("A").getextrema()[0] < 255 else over[:1]


def case(name, size, bound=0.0, pictures=None):
    if pictures is None:
        img = ImageOps.exif_transpose(Image.open(name))
        clear = img.mode in ("RGBA", "LA") or "transparency" in img.info
        pictures = grounds(img) if clear else [img.convert("RGB")]
    out = [v for p in pictures for v in views(p, size)]
    if bound:
        lines.append(f"{name} {size} {len(out)} ~ {bound} {len(frozen)} {bound == SCALED}")
        frozen.extend(b"".join(out))
    else:
        lines.append(f"{name} {size} {len(out)} = {hashlib.sha256(b''.join(out)).hexdigest()}")


def turned(name, img, orientation, **options):
    exif = Image.Exif()
    exif[0x0112] = orientation
    img.save(name, exif=exif, **options)


def jpeg_cases(name, full, scaled, bound=0.0):
    """At sizes of which the first is decoded in full, the others at 1/2, 1/4 or 1/8."""
    case(name, full, bound)
    for size in scaled:
        case(name, size, bound + SCALED)


def interlaced(name, img, colour, depth=8):
    """Pillow cannot write Adam7, so it is done by hand."""
    width, height = img.size
    pixels, channels = img.load(), len(img.getbands())

    def samples(x, y):
        value = pixels[x, y]
        value = value if isinstance(value, tuple) else (value,)
        return bytes(value) if depth == 8 else b"".join(struct.pack(">H", v << 8 | (x * 7 + y) % 256) for v in value)

    rows = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        for y in range(y0, height, dy):
            row = b"".join(samples(x, y) for x in range(x0, width, dx))
            rows += b"\0" + row if row else b""
    chunk = lambda t, d: struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
    palette = chunk(b"PLTE", bytes(img.getpalette()[:768])) if colour == 3 else b""
    open(name, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 1))
                           + palette + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


# JPEG: samplings, progressive, grey, all orientations, CMYK and YCCK
SIZES = [97, 80, 66, 55, 40, 30, 22, 15]
large = photo(520, 400, 1)
for name, options in [("photo-420.jpg", {}), ("photo-422.jpg", {"subsampling": 1}), ("photo-444.jpg", {"subsampling": 0}),
                      ("photo-progressive.jpg", {"progressive": True})]:
    large.save(name, quality=88, **options)
    jpeg_cases(name, 201, SIZES)
large.convert("L").save("photo-grey.jpg", quality=88)
jpeg_cases("photo-grey.jpg", 201, SIZES)
small = photo(180, 130, 2)
for orientation in range(1, 9):
    turned(f"photo-turned-{orientation}.jpg", small, orientation, quality=88)
    jpeg_cases(f"photo-turned-{orientation}.jpg", 70, [28, 20])
cmyk = photo(120, 96, 3).convert("CMYK")
cmyk.putdata([(c, m, y, (c + m) // 4) for c, m, y, _ in cmyk.getdata()])
cmyk.save("photo-cmyk.jpg", quality=88)
stored = bytearray(open("photo-cmyk.jpg", "rb").read())
stored[stored.index(b"Adobe") + 11] = 2
open("photo-ycck.jpg", "wb").write(stored)
for name in ("photo-cmyk.jpg", "photo-ycck.jpg"):
    jpeg_cases(name, 60, [24], CMYK)

# PNG: depths of palette and grey, interlacing, orientation
flat = photo(90, 70, 4)
for bits in (1, 2, 4, 8):
    flat.quantize(2 ** bits).save(f"palette-{bits}.png", bits=bits)
    case(f"palette-{bits}.png", 40)
keyed = flat.quantize(16)
keyed.info["transparency"] = bytes([0, 128, 255, 40] + [255] * 12)
keyed.save("palette-alpha.png", transparency=keyed.info["transparency"])
case("palette-alpha.png", 40)
flat.convert("L").save("grey-8.png")
case("grey-8.png", 40)
clear = flat.convert("RGBA")
clear.putalpha(mask(90, 70))
interlaced("interlaced-rgb.png", flat, 2)
interlaced("interlaced-grey.png", flat.convert("L"), 0)
interlaced("interlaced-palette.png", flat.quantize(200), 3)
interlaced("interlaced-rgba.png", clear, 6)
interlaced("interlaced-rgba16.png", clear, 6, 16)
for kind in ("rgb", "grey", "palette", "rgba"):
    case(f"interlaced-{kind}.png", 40)
case("interlaced-rgba16.png", 40, pictures=grounds(clear))
turned("turned-6.png", flat, 6)
case("turned-6.png", 40)

# WebP: lossy, lossless, alpha, orientation
flat.save("photo-lossy.webp", quality=80)
flat.save("photo-lossless.webp", lossless=True)
clear.save("photo-alpha-lossy.webp", quality=80)
clear.save("photo-alpha-lossless.webp", lossless=True, exact=True)
turned("photo-turned-6.webp", flat, 6, quality=80)
for kind in ("lossy", "lossless", "alpha-lossy", "alpha-lossless", "turned-6"):
    for size in (30, 64, 90):
        case(f"photo-{kind}.webp", size)

open("pillow.txt", "w").write("\n".join(lines) + "\n")
open("pillow.bin", "wb").write(zlib.compress(bytes(frozen), 9))
