package org.picket.crawler.image.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.picket.crawler.image.Vectors;

/// What is recognised and not decoded is refused with a reason of its own.
class RefusedVariantsTest {

    private static final long MAX_PIXELS = 1_000_000;

    private static Flaw flaw(byte[] jpeg) {
        return assertThrows(FlawedObject.class, () -> JpegStructure.read(new Octets(jpeg, jpeg.length), MAX_PIXELS))
                .flaw();
    }

    /// Where the head of the frame begins.
    private static int frame(byte[] jpeg) {
        int at = 2;
        while ((jpeg[at + 1] & 0xff) != 0xc0) {
            at += 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
        }
        return at;
    }

    private static byte[] with(String name, int behindFrame, int value) throws Exception {
        byte[] jpeg = Vectors.read(name);
        jpeg[frame(jpeg) + behindFrame] = (byte) value;
        return jpeg;
    }

    @Test
    void jpegOfTwelveBitsIsToldFromADamagedOne() throws Exception {
        assertEquals(Flaw.JPEG_DEPTH, flaw(with("420.jpg", 4, 12)));
        assertEquals(Reason.UNSUPPORTED, Flaw.JPEG_DEPTH.reason());
    }

    @Test
    void losslessArithmeticAndHierarchicalJpegsAreTold() throws Exception {
        for (int process : new int[] {0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf}) {
            assertEquals(Flaw.JPEG_PROCESS, flaw(with("420.jpg", 1, process)), Integer.toHexString(process));
        }
    }

    @Test
    void cmykJpegWithoutAnAdobeMarkIsTold() throws Exception {
        byte[] jpeg = Vectors.read("cmyk.jpg");
        int mark = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("Adobe");
        jpeg[mark] = 'B';
        assertEquals(Flaw.JPEG_CMYK, flaw(jpeg));
    }

    @Test
    void adobeMarkBehindTheFirstScanSaysNothing() throws Exception {
        byte[] jpeg = Vectors.read("cmyk.jpg");
        int mark = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("Adobe") - 4;
        byte[] segment = Arrays.copyOfRange(jpeg, mark, mark + 16);
        byte[] end = Arrays.copyOfRange(jpeg, jpeg.length - 2, jpeg.length);
        jpeg[mark + 4] = 'B';
        byte[] late = Boxes.join(Arrays.copyOf(jpeg, jpeg.length - 2), segment, end);
        assertEquals(Flaw.JPEG_CMYK, flaw(late));
    }
}
