package org.picket.crawler.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/// Colour profiles written by hand (ICC.1), tag by tag, so that they can lie.
final class HandMadeProfile {

    /// Of sRGB, at D50, as profiles tell them.
    static final double[] RED = {0.4360, 0.2225, 0.0139};

    static final double[] GREEN = {0.3851, 0.7169, 0.0971};
    static final double[] BLUE = {0.1431, 0.0606, 0.7141};

    private static final int HEAD = 128;

    private final Map<String, byte[]> tags = new LinkedHashMap<>();
    private final String space;

    HandMadeProfile(String space) {
        this.space = space;
    }

    /// One of gamma 2.2 and the colours of sRGB.
    static HandMadeProfile usual() {
        byte[] curve = gamma(2.2);
        return of(curve, RED, GREEN, BLUE);
    }

    static HandMadeProfile of(byte[] curve, double[] red, double[] green, double[] blue) {
        return new HandMadeProfile("RGB ")
                .tag("rXYZ", light(red))
                .tag("gXYZ", light(green))
                .tag("bXYZ", light(blue))
                .tag("rTRC", curve)
                .tag("gTRC", curve)
                .tag("bTRC", curve);
    }

    HandMadeProfile tag(String name, byte[] data) {
        tags.put(name, data);
        return this;
    }

    static byte[] light(double... xyz) {
        ByteBuffer data = ByteBuffer.allocate(20).put(ascii("XYZ ")).putInt(0);
        for (double part : xyz) {
            data.putInt((int) Math.rint(part * 65_536));
        }
        return data.array();
    }

    static byte[] gamma(double exponent) {
        return ByteBuffer.allocate(16)
                .put(ascii("curv"))
                .putInt(0)
                .putInt(1)
                .putShort((short) Math.rint(exponent * 256))
                .array();
    }

    /// A table of 256 lights, each of 0 to 65,535.
    static byte[] table(IntUnaryOperator light) {
        ByteBuffer data =
                ByteBuffer.allocate(12 + 2 * 256).put(ascii("curv")).putInt(0).putInt(256);
        for (int i = 0; i < 256; i++) {
            data.putShort((short) light.applyAsInt(i));
        }
        return data.array();
    }

    static byte[] parametric(int kind, double... parameters) {
        ByteBuffer data = ByteBuffer.allocate(12 + 4 * parameters.length)
                .put(ascii("para"))
                .putInt(0)
                .putShort((short) kind)
                .putShort((short) 0);
        for (double each : parameters) {
            data.putInt((int) Math.rint(each * 65_536));
        }
        return data.array();
    }

    byte[] bytes() {
        int length = HEAD + 4 + 12 * tags.size();
        int whole =
                length + tags.values().stream().mapToInt(data -> data.length).sum();
        ByteBuffer profile = ByteBuffer.allocate(whole).putInt(whole);
        profile.put(16, ascii(space)).put(20, ascii("XYZ ")).put(36, ascii("acsp"));
        profile.position(HEAD).putInt(tags.size());
        for (Map.Entry<String, byte[]> tag : tags.entrySet()) {
            profile.put(ascii(tag.getKey())).putInt(length).putInt(tag.getValue().length);
            length += tag.getValue().length;
        }
        tags.values().forEach(profile::put);
        return profile.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
