package org.picket.crawler.image.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.picket.crawler.image.structure.Flaw;
import org.picket.crawler.image.structure.FlawedObject;
import org.picket.crawler.image.structure.Format;
import org.picket.crawler.image.structure.Header;

class GeometryTest {

    private static Geometry jpeg(int width, int height, int orientation) {
        return Geometry.of(new Header(Format.JPEG, width, height, orientation, false), 224);
    }

    private static Geometry png(int width, int height) {
        return Geometry.of(new Header(Format.PNG, width, height, 1, false), 224);
    }

    @Test
    void jpegIsReducedWhileItsShortSideStaysTwiceTheView() {
        assertEquals(8, jpeg(4000, 3584, 1).reduction());
        assertEquals(8, jpeg(4000, 3577, 1).reduction());
        assertEquals(4, jpeg(4000, 3576, 1).reduction());
        assertEquals(2, jpeg(1000, 1000, 1).reduction());
        assertEquals(1, jpeg(894, 894, 1).reduction());
        assertEquals(1, png(4000, 3584).reduction());
    }

    @Test
    void jpegOfSkewedColourIsReducedLess() {
        assertEquals(2, skewed(2).reduction());
        assertEquals(1, skewed(4).reduction());
    }

    private static Geometry skewed(int skew) {
        return Geometry.of(new Header(Format.JPEG, 2000, 1800, 1, false, skew), 224);
    }

    @Test
    void sidesRoundUpWhenReduced() {
        Geometry geometry = jpeg(1601, 1203, 1);
        assertEquals(2, geometry.reduction());
        assertEquals(801, geometry.decodedWidth());
        assertEquals(602, geometry.decodedHeight());
        assertEquals(298, geometry.width());
        assertEquals(224, geometry.height());
    }

    @Test
    void fourThirdsIsOneCentredSquareAndAnythingLongerIsTiles() {
        assertArrayEquals(new int[] {37}, png(1600, 1200).offsets());
        assertArrayEquals(new int[] {0, 75}, png(1603, 1200).offsets());
        assertArrayEquals(new int[] {0, 224}, png(800, 400).offsets());
        assertArrayEquals(new int[] {0, 112, 224}, png(801, 400).offsets());
    }

    @Test
    void halfOffsetsRoundToEven() {
        // 227 - 224 = 3, and 1.5 is rounded to 2; 229 - 224 = 5, and 2.5 is rounded to 2.
        assertArrayEquals(new int[] {2}, png(227, 224).offsets());
        assertArrayEquals(new int[] {2}, png(229, 224).offsets());
    }

    @Test
    void tilesCoverTheWholePicture() {
        for (int longSide = 1; longSide <= 8 * 13; longSide++) {
            if (longSide < 13) {
                continue;
            }
            Geometry geometry = png(longSide, 13);
            int[] offsets = geometry.offsets();
            if (3 * longSide > 4 * 13) {
                assertEquals(0, offsets[0]);
                assertEquals(geometry.width(), offsets[offsets.length - 1] + 224);
                for (int i = 1; i < offsets.length; i++) {
                    assertTrue(offsets[i] - offsets[i - 1] <= 224, "a gap at " + longSide);
                }
            }
        }
    }

    @Test
    void eightTimesAsLongIsTheLimit() {
        assertEquals(8, png(800, 100).offsets().length);
        FlawedObject flawed = assertThrows(FlawedObject.class, () -> png(801, 100));
        assertEquals(Flaw.LONG, flawed.flaw());
    }

    @Test
    void turnedPictureSwapsItsSides() {
        for (int orientation = 1; orientation <= 8; orientation++) {
            Geometry geometry = jpeg(1600, 1200, orientation);
            assertEquals(orientation < 5 ? 298 : 224, geometry.width());
            assertEquals(orientation < 5 ? 224 : 298, geometry.height());
            assertEquals(800, geometry.decodedWidth());
        }
    }
}
