package org.picket.crawler.image.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The expected digests were made with Pillow 9.4.0: `Image.frombytes("RGB", (w, h), samples).resize((ow, oh),
/// BICUBIC)` over the samples of [#samples], which are half extremes, so that overshoot is clipped often.
class BicubicTest {

    private static final String[] FROZEN = {
        "1 1 224 224 3c98aa5f1cf75fca40a9d231652c52c5afcafea2255e411f37b722aab574f6d7",
        "2 3 5 4 bc3a4d7ad78ff8a3e81ffd6ee980015eb3ecf422b3a219c129ee3631875e69d7",
        "37 91 224 551 9008b01442db8bb04890bc66d8db653a0786a72c9ca106794198e655d2cf2fef",
        "160 120 32 24 072b8e64bb2b7e456b835ac01f009883722e4c7dafbcf1ccca46aca36dc3c2da",
        "224 300 224 224 cb14701c2aeb06229cfbcdbf15ec3b1170c8fcda4f79d813c15d9d9d7108e3c7",
        "300 224 224 224 89699f40076a3cb81a706a75b6fdf72ae6db18b829177d838c8a6d86c42f3fd7",
        "3 700 10 7 422ca7b940d16757c6210404cf7188e87bafbc57e260418c7ca897c8dcd30628",
        "333 224 100 224 4b3f7392cc6e2ae2011eba98f359d5461aa9cd4a853d2dd5cbc76acb02d26871",
        "250 250 112 112 d8ca192eb0dcc048ba723966caf784a06e14520873413530e18d12fa4af8e08d",
        "97 64 224 148 e8edcdc900d005652cc043c1cffe5f05f8ddabacdc5a5c07fd5590ec207c2652",
        "1000 20 50 20 7341ee4cd41dc3d0f22ffd2b27042d91b726096e0442bc65c5145f0dd252324e"
    };

    @Test
    void everyFrozenSizeComesOutAsPillowMadeIt() throws Exception {
        Bicubic bicubic = new Bicubic();
        for (int i = 0; i < FROZEN.length; i++) {
            String[] fields = FROZEN[i].split(" ");
            int width = Integer.parseInt(fields[2]);
            int height = Integer.parseInt(fields[3]);
            Bicubic.Raster source = raster(Integer.parseInt(fields[0]), Integer.parseInt(fields[1]), i + 1);
            byte[] resized = bicubic.resize(source, width, height, new Bicubic.Window(0, 0, width, height));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(resized);
            assertEquals(fields[4], HexFormat.of().formatHex(digest), FROZEN[i]);
        }
    }

    @Test
    void windowHoldsTheSamePixelsAsTheWhole() {
        Bicubic bicubic = new Bicubic();
        for (int[] sides : new int[][] {{300, 200, 96, 64}, {50, 40, 100, 80}, {90, 64, 90, 20}, {64, 90, 20, 90}}) {
            Bicubic.Raster source = raster(sides[0], sides[1], 7);
            int width = sides[2];
            byte[] whole = bicubic.resize(source, width, sides[3], new Bicubic.Window(0, 0, width, sides[3]));
            Bicubic.Window window = new Bicubic.Window(3, 2, width - 8, sides[3] - 5);
            byte[] part = bicubic.resize(source, width, sides[3], window);
            for (int y = 0; y < window.height(); y++) {
                int from = ((y + 2) * width + 3) * 3;
                int length = window.width() * 3;
                assertArrayEquals(
                        Arrays.copyOfRange(whole, from, from + length),
                        Arrays.copyOfRange(part, y * length, (y + 1) * length));
            }
        }
    }

    private static Bicubic.Raster raster(int width, int height, int seed) {
        return new Bicubic.Raster(samples(width * height * 3, seed), width, height);
    }

    /// A linear congruential generator, so that Python makes the same samples.
    private static byte[] samples(int count, int seed) {
        byte[] samples = new byte[count];
        int state = seed;
        for (int i = 0; i < count; i++) {
            state = state * 1103515245 + 12345 & 0x7fffffff;
            int value = state >> 16 & 0xff;
            samples[i] = (byte) (value < 64 ? 0 : value >= 192 ? 255 : value);
        }
        return samples;
    }
}
