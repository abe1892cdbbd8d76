"""Makes the frozen vectors of PreprocessingVectorsTest with Pillow: pictures, and what their views must be.

Run in this folder, with Pillow 9.4.0 (libjpeg-turbo 2.1.5, libwebp 1.2.4) and `cjpeg`, `gif2webp` on the path. Every picture is
drawn from formulae and a seed; `vectors.txt` gets one line a case: file, view size, number of views, SHA-256 over
all views one after the other (or "-" where only the number is compared, since Pillow converts CMYK by another formula).
"""
import hashlib
import math
import random
import struct
import subprocess
import zlib

from PIL import Image, ImageDraw, ImageOps, ImageSequence

lines = []


def scene(width, height, seed, mode="RGB"):
    rng = random.Random(seed)
    img = Image.new("RGB", (width, height))
    img.putdata([((x * 255) // width, (y * 255) // height, ((x + y) * 7) % 256) for y in range(height) for x in range(width)])
    draw = ImageDraw.Draw(img)
    for _ in range(6):
        x, y = rng.randrange(width), rng.randrange(height)
        r = 2 + rng.randrange(max(3, min(width, height) // 3))
        draw.ellipse([x - r, y - r, x + r, y + r], fill=tuple(rng.randrange(256) for _ in range(3)))
    return img.convert(mode)


def alpha(width, height):
    mask = Image.new("L", (width, height))
    mask.putdata([min(255, (x * 300) // width) if y % 9 else 128 for y in range(height) for x in range(width)])
    return mask


def views(img, size, original):
    """Version 3 of the preprocessing, for an upright RGB picture whose sides before any reduction were `original`."""
    short, long = min(original), max(original)
    long_side = int(size * long / short)
    wide = original[0] > original[1]
    img = img.resize((long_side, size) if wide else (size, long_side), Image.BICUBIC)
    if 3 * long <= 4 * short:
        offsets = [int(round((long_side - size) / 2.0))]
    else:
        n = math.ceil(long / short)
        offsets = [int(round(i * (long_side - size) / (n - 1))) for i in range(n)]
    for o in offsets:
        box = (o, 0, o + size, size) if wide else (0, o, size, o + size)
        yield img.crop(box).tobytes()


def grounds(img):
    img = img.convert("RGBA")
    over = [Image.new("RGB", img.size, c) for c in ((255, 255, 255), (0, 0, 0))]
    for ground in over:
        ground.paste(img.convert("RGB"), mask=img.getchannel("A"))
    return over if img.getchannel("A").getextrema()[0] < 255 else over[:1]


def case(name, size, pictures, original=None):
    out = [v for p in pictures for v in views(p, size, original or p.size)]
    lines.append(f"{name} {size} {len(out)} {hashlib.sha256(b''.join(out)).hexdigest()}")


def jpeg(name, size):
    img = Image.open(name)
    stored = img.size
    skew = 2 if name == "422.jpg" else 1
    reduction = next((r for r in (8, 4, 2) if -(-min(stored) // r) >= 2 * size * skew), 1)
    if reduction > 1:
        img.draft("RGB", (stored[0] // reduction, stored[1] // reduction))
    assert img.size == tuple(-(-s // reduction) for s in stored), (name, img.size)
    turned = ImageOps.exif_transpose(img).convert("RGB")
    original = stored if turned.size == img.size and img.getexif().get(0x0112, 1) < 5 else stored[::-1]
    case(name, size, [turned], original)


def png16(name, width, height, colour_type, samples):
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour_type]
    rows = b"".join(b"\0" + struct.pack(f">{width * channels}H", *samples[y * width * channels:(y + 1) * width * channels]) for y in range(height))
    chunk = lambda t, d: struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
    open(name, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0))
                           + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


# PNG
for name, w, h, size in [("four-thirds.png", 120, 90, 32), ("wide.png", 131, 97, 32), ("tall.png", 23, 97, 16), ("strip.png", 200, 25, 16),
                         ("dot.png", 1, 1, 224), ("small.png", 61, 47, 224), ("same.png", 48, 48, 48)]:
    scene(w, h, w).save(name)
    case(name, size, [scene(w, h, w)])
for mode in ("L", "1", "P"):
    img = scene(70, 55, 3, mode)
    img.save(f"mode-{mode}.png")
    case(f"mode-{mode}.png", 24, [img.convert("RGB")])
rgba = scene(64, 60, 5).convert("RGBA")
rgba.putalpha(alpha(64, 60))
rgba.save("rgba.png")
case("rgba.png", 24, grounds(rgba))
rgba.putalpha(255)
rgba.save("rgba-opaque.png")
case("rgba-opaque.png", 24, grounds(rgba))
la = scene(64, 60, 6, "L").convert("LA")
la.putalpha(alpha(64, 60))
la.save("grey-alpha.png")
case("grey-alpha.png", 24, grounds(la))
keyed = scene(60, 60, 7, "P")
keyed.save("palette-keyed.png", transparency=keyed.getpixel((30, 30)))
case("palette-keyed.png", 24, grounds(Image.open("palette-keyed.png")))
key = scene(60, 60, 8)
key.save("colour-keyed.png", transparency=key.getpixel((30, 30)))
case("colour-keyed.png", 24, grounds(Image.open("colour-keyed.png")))
grey = scene(60, 60, 8, "L")
grey.save("keyed-grey.png", transparency=grey.getpixel((30, 30)))
case("keyed-grey.png", 24, grounds(Image.open("keyed-grey.png")))
two = scene(60, 60, 8, "1")
two.save("keyed-1.png", transparency=0)
seen = two.convert("RGBA")
seen.putalpha(two.convert("L"))
case("keyed-1.png", 24, grounds(seen))
rng = random.Random(9)
deep = [rng.randrange(65536) for _ in range(40 * 36 * 4)]
png16("rgba16.png", 40, 36, 6, deep)
case("rgba16.png", 24, grounds(Image.frombytes("RGBA", (40, 36), bytes(v >> 8 for v in deep))))
png16("rgb16.png", 40, 36, 2, deep[:40 * 36 * 3])
case("rgb16.png", 24, [Image.frombytes("RGB", (40, 36), bytes(v >> 8 for v in deep[:40 * 36 * 3]))])

# JPEG
photo = scene(321, 243, 11)
for name, options in [("420.jpg", {}), ("444.jpg", {"subsampling": 0}), ("422.jpg", {"subsampling": 1}), ("progressive.jpg", {"progressive": True})]:
    photo.save(name, quality=85, **options)
photo.convert("L").save("grey.jpg", quality=85)
photo.save("in.ppm")
subprocess.check_call(["cjpeg", "-restart", "1", "-quality", "80", "-outfile", "restart.jpg", "in.ppm"])
for name in ("420.jpg", "444.jpg", "422.jpg", "progressive.jpg", "grey.jpg", "restart.jpg"):
    for size in (15, 30, 60, 130):
        jpeg(name, size)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    scene(150, 101, 12).save(f"turned-{orientation}.jpg", quality=85, exif=exif)
    jpeg(f"turned-{orientation}.jpg", 32)
scene(90, 80, 13).convert("CMYK").save("cmyk.jpg", quality=85)
lines.append("cmyk.jpg 32 1 -")

# WebP
scene(101, 90, 14).save("lossy.webp", quality=80)
scene(101, 90, 14).save("lossless.webp", lossless=True)
rgba = scene(64, 60, 15).convert("RGBA")
rgba.putalpha(alpha(64, 60))
rgba.save("alpha-lossless.webp", lossless=True, exact=True)
rgba.save("alpha-lossy.webp", quality=80)
for name in ("lossy.webp", "lossless.webp", "alpha-lossless.webp", "alpha-lossy.webp"):
    case(name, 32, grounds(Image.open(name)))

# GIF
scene(80, 70, 16, "P").save("still.gif")
scene(80, 70, 17, "P").save("keyed.gif", transparency=scene(80, 70, 17, "P").getpixel((40, 40)))
frames = [scene(60, 50, 20 + i) for i in range(3)] + [scene(60, 50, 22)]
for i in range(9):
    frame = frames[-1].copy()
    ImageDraw.Draw(frame).rectangle([4 * i, 3 * i, 4 * i + 15, 3 * i + 12], fill=(255, 20 * i, 40))
    frames.append(frame)
# Pillow writes the two equal frames as one, of 200 ms. There is room for all of them.
durations = [40, 20, 100, 100, 200, 20, 200, 200, 20, 200, 200, 20, 40]
for name, disposal in (("animated-keep.gif", 1), ("animated-clear.gif", 2)):
    frames[0].save(name, save_all=True, append_images=frames[1:], duration=durations, disposal=disposal)
subprocess.check_call(["gif2webp", "-quiet", "animated-keep.gif", "-o", "animated.webp"])
frames[0].save("animated.png", save_all=True, append_images=frames[1:3], duration=40)


# Animations whose frames are transparent in places, fully or not at all, and are disposed of and blended in every way.
def holed(seed):
    img = scene(60, 50, seed).convert("RGBA")
    mask = Image.new("L", img.size)
    ImageDraw.Draw(mask).ellipse([seed % 20, 5, seed % 20 + 30, 45], fill=255)
    img.putalpha(mask)
    return img


holes = [holed(seed) for seed in range(40, 48)]
holes[0].save("blended.png", save_all=True, append_images=holes[1:], duration=40, disposal=[0, 1, 2, 0, 1, 2, 0, 1], blend=[0, 1, 1, 0, 1, 1, 1, 0])
holes[0].save("default-apart.png", save_all=True, default_image=True, append_images=holes[1:4], duration=40)
holes[0].save("blended.webp", save_all=True, append_images=holes[1:], duration=40, lossless=True, exact=True)
for name in ("still.gif", "keyed.gif", "animated-keep.gif", "animated-clear.gif", "animated.webp", "animated.png", "blended.png",
             "default-apart.png", "blended.webp"):
    case(name, 24, [g for f in ImageSequence.Iterator(Image.open(name)) for g in grounds(f.convert("RGBA"))])

subprocess.check_call(["rm", "in.ppm"])
open("vectors.txt", "w").write("\n".join(lines) + "\n")
