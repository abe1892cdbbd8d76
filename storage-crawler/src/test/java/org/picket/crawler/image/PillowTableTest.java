package org.picket.crawler.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;

/// Views against Pillow's of the whole picture (see `make-pillow-views.py` beside the table): identical where the
/// picture is decoded in full; where it is scaled while it is decoded, or is CMYK, within the table's bound, and
/// over all scaled cases within [#MOST_ON_AVERAGE].
class PillowTableTest {

    /// Of 255. Measured: 0.228 over these small pictures with hard edges.
    private static final double MOST_ON_AVERAGE = 0.25;

    @Test
    void viewsArePillows() throws Exception {
        byte[] frozen = new InflaterInputStream(new ByteArrayInputStream(Vectors.read("pillow.bin"))).readAllBytes();
        List<String> lines = new String(Vectors.read("pillow.txt"), StandardCharsets.UTF_8)
                .lines()
                .toList();
        List<String> off = new ArrayList<>();
        List<Double> scaled = new ArrayList<>();
        assertTrue(lines.size() >= 60, lines.size() + " cases");
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS)) {
            for (String line : lines) {
                String[] fields = line.split(" ");
                byte[] views = views(pool, fields[0], Integer.parseInt(fields[1]), Integer.parseInt(fields[2]));
                if (fields[3].equals("=")) {
                    byte[] digest = MessageDigest.getInstance("SHA-256").digest(views);
                    if (!fields[4].equals(HexFormat.of().formatHex(digest))) {
                        off.add(line);
                    }
                } else {
                    double mean = meanDifference(views, frozen, Integer.parseInt(fields[5]));
                    if (Boolean.parseBoolean(fields[6].toLowerCase(Locale.ROOT))) {
                        scaled.add(mean);
                    }
                    if (mean > Double.parseDouble(fields[4])) {
                        off.add(line + String.format(Locale.ROOT, ": %.3f", mean));
                    }
                }
            }
        }
        double average =
                scaled.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        System.out.printf(Locale.ROOT, "scaled decoding: %.3f of 255 from Pillow on average%n", average);
        assertTrue(average <= MOST_ON_AVERAGE, scaled.size() + " scaled cases are off by " + average);
        assertTrue(off.isEmpty(), off.size() + " cases differ:\n" + String.join("\n", off));
    }

    private static byte[] views(DecoderPool pool, String name, int size, int count)
            throws IOException, InterruptedException {
        byte[] object = Vectors.read(name);
        Decoded.Views decoded = assertInstanceOf(Decoded.Views.class, pool.decode(object, object.length, size), name);
        assertEquals(count, decoded.views().size(), name);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        decoded.views().forEach(view -> all.writeBytes(view.pixels()));
        return all.toByteArray();
    }

    private static double meanDifference(byte[] views, byte[] frozen, int from) {
        long sum = 0;
        for (int i = 0; i < views.length; i++) {
            sum += Math.abs((views[i] & 0xff) - (frozen[from + i] & 0xff));
        }
        return (double) sum / views.length;
    }
}
