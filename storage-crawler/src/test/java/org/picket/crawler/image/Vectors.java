package org.picket.crawler.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// The frozen pictures, and what the tests of this package share.
public final class Vectors {

    /// Unpacked once for all tests of the module, and kept while its build folder is.
    public static final DecoderSettings SETTINGS =
            DecoderSettings.defaults(Path.of("target", "decoder-natives")).withChildren(1);

    /// One of each format and coding, none of them animated in a way that is not decoded.
    static final List<String> WHOLE = List.of(
            "four-thirds.png",
            "mode-P.png",
            "rgba.png",
            "rgb16.png",
            "420.jpg",
            "progressive.jpg",
            "restart.jpg",
            "grey.jpg",
            "cmyk.jpg",
            "lossy.webp",
            "lossless.webp",
            "alpha-lossless.webp",
            "alpha-lossy.webp",
            "still.gif",
            "keyed.gif",
            "animated-keep.gif",
            "animated.png",
            "animated.webp",
            "blended.png",
            "blended.webp");

    private Vectors() {}

    public static byte[] read(String name) throws IOException {
        try (InputStream stream = Vectors.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        }
    }

    static List<String> lines() throws IOException {
        return new String(read("vectors.txt"), StandardCharsets.UTF_8).lines().toList();
    }
}
