package org.picket.crawler.image;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// PNGs that somebody made to do harm.
final class PngTricks {

    private static final int MIB = 1 << 20;

    private PngTricks() {}

    static List<HostileFile> all() throws IOException {
        return Stream.of(sides(), bombs(), chunks(), heads(), palettes(), data())
                .flatMap(List::stream)
                .toList();
    }

    /// Sides that no memory holds, or none at all.
    private static List<HostileFile> sides() throws IOException {
        byte[] row = HandMadePng.deflated(40, 120, 7);
        return List.of(
                none(
                        "sides of 60,000",
                        new HandMadePng()
                                .head(60_000, 60_000, 1, 0, 0)
                                .rows(10, 7500, 0)
                                .end()),
                none(
                        "sides of 2^31-1",
                        new HandMadePng()
                                .head(0x7fff_ffff, 0x7fff_ffff, 8, 6, 0)
                                .rows(1, 8, 0)
                                .end()),
                none(
                        "negative sides",
                        new HandMadePng().head(-1, -1, 8, 2, 0).rows(1, 8, 0).end()),
                none(
                        "a side of 0",
                        new HandMadePng().head(0, 40, 8, 2, 0).rows(40, 0, 0).end()),
                none(
                        "one row of 100,000,001",
                        new HandMadePng()
                                .head(100_000_001, 1, 1, 0, 0)
                                .rows(1, 10, 0)
                                .end()),
                none(
                        "100 megapixels of no data",
                        new HandMadePng()
                                .head(10_000, 10_000, 8, 6, 0)
                                .rows(1, 40_000, 0)
                                .end()),
                none(
                        "interlaced, of no data",
                        new HandMadePng()
                                .head(9_000, 9_000, 16, 6, 1)
                                .rows(1, 8, 0)
                                .end()));
    }

    /// Much that is packed into little.
    private static List<HostileFile> bombs() throws IOException {
        byte[] row = HandMadePng.deflated(40, 120, 7);
        byte[] profile = Damage.join("p\0\0".getBytes(), HandMadePng.deflated(64, MIB, 'x'));
        byte[] text = Damage.join("t\0\0".getBytes(), HandMadePng.deflated(256, MIB, 'x'));
        HandMadePng crowded = new HandMadePng().head(40, 40, 8, 2, 0);
        for (int i = 0; i < 100_000; i++) {
            crowded.chunk("tEXt", new byte[] {'a', 0, 'b'});
        }
        HandMadePng crumbs = new HandMadePng().head(40, 40, 8, 2, 0);
        for (byte crumb : row) {
            crumbs.chunk("IDAT", new byte[] {crumb}).chunk("IDAT", new byte[0]);
        }
        return List.of(
                any(
                        "100 megapixels in few bytes",
                        new HandMadePng()
                                .head(10_000, 10_000, 1, 0, 0)
                                .rows(10_000, 1250, 0)
                                .end()),
                any(
                        "50 megapixels of 16 bits in few bytes",
                        new HandMadePng()
                                .head(10_000, 5_000, 16, 0, 0)
                                .rows(5_000, 20_000, 9)
                                .end()),
                any(
                        "a gigabyte behind the picture's own data",
                        new HandMadePng()
                                .head(40, 40, 8, 2, 0)
                                .chunk("IDAT", HandMadePng.deflated(1000, MIB, 7))
                                .end()),
                any(
                        "a profile of 64 MiB",
                        sound().chunk("iCCP", profile).chunk("IDAT", row).end()),
                any(
                        "a text of 256 MiB",
                        sound().chunk("zTXt", text).chunk("IDAT", row).end()),
                any("100,000 texts", crowded.chunk("IDAT", row).end()),
                any("data in crumbs of one byte", crumbs.end()));
    }

    /// Chunks that say something else than they hold, and missing ones.
    private static List<HostileFile> chunks() throws IOException {
        byte[] row = HandMadePng.deflated(40, 120, 7);
        return List.of(
                none(
                        "chunk that announces 2^31-1",
                        sound().chunk("IDAT", row, 0x7fff_ffff, 0).end()),
                none(
                        "chunk that announces 2^32-1",
                        sound().chunk("IDAT", row, -1, 0).end()),
                none(
                        "chunk that announces one byte too many",
                        sound().chunk("IDAT", row, row.length + 1, 0).end()),
                none(
                        "wrong checksum of the data",
                        sound().chunk("IDAT", row, row.length, 1).end()),
                none("wrong checksum of the end", sound().chunk("IDAT", row).chunk("IEND", new byte[0], 0, 1)),
                none("no end", sound().chunk("IDAT", row)),
                none("no data", sound().end()));
    }

    /// Heads that no picture has.
    private static List<HostileFile> heads() throws IOException {
        byte[] row = HandMadePng.deflated(40, 120, 7);
        return List.of(
                none(
                        "two heads",
                        sound().head(50, 50, 8, 2, 0).chunk("IDAT", row).end()),
                none(
                        "unknown colours",
                        new HandMadePng()
                                .head(40, 40, 8, 5, 0)
                                .chunk("IDAT", row)
                                .end()),
                none(
                        "three bits",
                        new HandMadePng()
                                .head(40, 40, 3, 0, 0)
                                .chunk("IDAT", row)
                                .end()),
                none(
                        "unknown interlacing",
                        new HandMadePng()
                                .head(40, 40, 8, 2, 9)
                                .chunk("IDAT", row)
                                .end()));
    }

    /// Palettes of the wrong size.
    private static List<HostileFile> palettes() throws IOException {
        byte[] palette = new byte[6];
        return List.of(
                none(
                        "no palette",
                        new HandMadePng().head(40, 40, 8, 3, 0).rows(40, 40, 1).end()),
                none(
                        "half a colour in the palette",
                        new HandMadePng()
                                .head(40, 40, 8, 3, 0)
                                .chunk("PLTE", new byte[7])
                                .rows(40, 40, 1)
                                .end()),
                none(
                        "more than 256 colours",
                        new HandMadePng()
                                .head(40, 40, 8, 3, 0)
                                .chunk("PLTE", new byte[771])
                                .rows(40, 40, 1)
                                .end()),
                any(
                        "colours that the palette lacks",
                        new HandMadePng()
                                .head(40, 40, 8, 3, 0)
                                .chunk("PLTE", palette)
                                .rows(40, 40, 250)
                                .end()),
                any(
                        "more transparency than colours",
                        new HandMadePng()
                                .head(40, 40, 8, 3, 0)
                                .chunk("PLTE", palette)
                                .chunk("tRNS", new byte[200])
                                .rows(40, 40, 1)
                                .end()));
    }

    /// Pictures that do not fit their heads.
    private static List<HostileFile> data() throws IOException {
        byte[] row = HandMadePng.deflated(40, 120, 7);
        return List.of(
                none(
                        "unknown chunk that matters",
                        sound().chunk("ABCD", new byte[4]).chunk("IDAT", row).end()),
                none(
                        "unknown filter",
                        sound().chunk("IDAT", HandMadePng.deflated(41, 119, 7)).end()),
                none(
                        "rows that are missing",
                        sound().chunk("IDAT", HandMadePng.deflated(39, 120, 7)).end()),
                none(
                        "data split by another chunk",
                        sound().chunk("IDAT", java.util.Arrays.copyOf(row, 9))
                                .chunk("tIME", new byte[7])
                                .chunk("IDAT", java.util.Arrays.copyOfRange(row, 9, row.length))
                                .end()),
                any(
                        "orientation that points at itself",
                        sound().chunk("eXIf", new byte[] {'I', 'I', 42, 0, 8, 0, 0, 0, -1, -1, 8, 0, 0, 0, 8, 0, 0, 0})
                                .chunk("IDAT", row)
                                .end()));
    }

    private static HandMadePng sound() {
        return new HandMadePng().head(40, 40, 8, 2, 0);
    }

    private static HostileFile none(String what, HandMadePng png) {
        return HostileFile.made("PNG: " + what, png.bytes(), Promise.NONE);
    }

    private static HostileFile any(String what, HandMadePng png) {
        return HostileFile.made("PNG: " + what, png.bytes(), Promise.NONE_OR_ANOTHER);
    }
}
