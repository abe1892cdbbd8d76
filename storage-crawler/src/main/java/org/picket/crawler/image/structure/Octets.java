package org.picket.crawler.image.structure;

import java.nio.charset.StandardCharsets;

/// An object's bytes, read with bounds: reading past the end is the flaw [Flaw#ENDS_EARLY].
public record Octets(byte[] data, int length) {

    public Octets {
        if (length < 0 || length > data.length) {
            throw new IllegalArgumentException("length " + length + " outside an array of " + data.length);
        }
    }

    public int u8(int at) {
        return data[checked(at, 1)] & 0xff;
    }

    int u16(int at) {
        checked(at, 2);
        return (data[at] & 0xff) << 8 | data[at + 1] & 0xff;
    }

    int u16le(int at) {
        checked(at, 2);
        return (data[at + 1] & 0xff) << 8 | data[at] & 0xff;
    }

    int u24le(int at) {
        return u16le(at) | u8(at + 2) << 16;
    }

    long u32(int at) {
        return (long) u16(at) << 16 | u16(at + 2);
    }

    long u32le(int at) {
        return (long) u16le(at + 2) << 16 | u16le(at);
    }

    /// The `count` bytes at `at`, each of them a character.
    String ascii(int at, int count) {
        return new String(data, checked(at, count), count, StandardCharsets.ISO_8859_1);
    }

    /// Whether the bytes at `at` are there and spell `ascii`.
    boolean spells(int at, String ascii) {
        byte[] wanted = ascii.getBytes(StandardCharsets.ISO_8859_1);
        if (at < 0 || at > length - wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (data[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private int checked(int at, int count) {
        if (at < 0 || at > length - count) {
            throw new FlawedObject(Flaw.ENDS_EARLY);
        }
        return at;
    }
}
