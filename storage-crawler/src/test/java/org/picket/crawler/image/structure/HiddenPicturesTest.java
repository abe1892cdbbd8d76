package org.picket.crawler.image.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.Decoded;
import org.picket.crawler.image.DecoderPool;
import org.picket.crawler.image.Vectors;

/// Videos with pictures that are coded and never shown, made by clearing the bit of VP8 that says so (RFC 6386, 9.1).
class HiddenPicturesTest {

    private static final int SIZE = 48;
    private static final int SHOW = 0x10;

    private static Track track(byte[] film) {
        return MatroskaStructure.read(new Octets(film, film.length), 1_000_000);
    }

    private static byte[] hiding(IntPredicate hidden) throws Exception {
        byte[] film = Vectors.read("vp8.webm");
        Samples samples = track(film).samples();
        for (int i = 0; i < samples.count(); i++) {
            if (hidden.test(i)) {
                film[samples.from(i)] &= ~SHOW;
            }
        }
        return film;
    }

    private static Decoded decode(byte[] film) throws Exception {
        try (DecoderPool pool = new DecoderPool(Vectors.SETTINGS)) {
            return pool.decode(film, film.length, SIZE);
        }
    }

    @Test
    void pictureBehindAHiddenOneIsLookedAtInItsPlace() throws Exception {
        int count = track(Vectors.read("vp8.webm")).samples().count();
        assertTrue(count >= 20, count + " pictures");
        Decoded.Views all = assertInstanceOf(Decoded.Views.class, decode(hiding(i -> false)));
        Decoded.Views half = assertInstanceOf(Decoded.Views.class, decode(hiding(i -> i % 2 == 0 && i > 0)));
        assertEquals(all.views().size(), half.views().size());
    }

    @Test
    void videoThatHidesWhateverIsLookedAtYieldsNoView() throws Exception {
        int count = track(Vectors.read("vp8.webm")).samples().count();
        Decoded.Undecodable hidden =
                assertInstanceOf(Decoded.Undecodable.class, decode(hiding(i -> i > 0 && i < count - 18)));
        assertTrue(Set.of(Reason.TOO_LONG, Reason.CORRUPT).contains(hidden.reason()), hidden::toString);
    }
}
