package org.picket.crawler.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Pictures in, views out, bit for bit as Pillow 9.4.0 makes them (see `make-vectors.py` beside the vectors):
/// every format, colour mode, JPEG reduction, orientation, tiling and kind of transparency.
class PreprocessingVectorsTest {

    @Test
    void everyFrozenPictureBecomesItsFrozenViews() throws Exception {
        List<String> lines = Vectors.lines();
        assertEquals(65, lines.size());
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS)) {
            for (String line : lines) {
                String[] fields = line.split(" ");
                byte[] object = Vectors.read(fields[0]);
                int size = Integer.parseInt(fields[1]);
                Decoded.Views decoded =
                        assertInstanceOf(Decoded.Views.class, pool.decode(object, object.length, size), line);
                assertEquals(Integer.parseInt(fields[2]), decoded.views().size(), line);
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                for (View view : decoded.views()) {
                    assertEquals(size * size * 3, view.pixels().length, line);
                    digest.update(view.pixels());
                }
                if (!fields[3].equals("-")) {
                    assertEquals(fields[3], HexFormat.of().formatHex(digest.digest()), line);
                }
            }
        }
    }
}
