package org.picket.crawler.source;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.picket.proto.key.KeyOrder;

class KeyRangeTest {

    private static final int[] CODE_POINTS = {
        'a', 'b', '/', '.', '~', 0xe9, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0x10000, 0x10ffff
    };
    private static final int ROUNDS = 20_000;

    @Test
    void theKeyBeforeAKeyIsSmaller() {
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < ROUNDS; i++) {
            String key = key(random);
            Optional<String> before = KeyRange.before(key);
            assertTrue(before.isEmpty() || KeyOrder.BY_UTF8_BYTES.compare(before.get(), key) < 0);
        }
    }

    private static String key(SplittableRandom random) {
        StringBuilder key = new StringBuilder();
        for (int length = random.nextInt(1, 5); length > 0; length--) {
            key.appendCodePoint(CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
        }
        return key.toString();
    }
}
