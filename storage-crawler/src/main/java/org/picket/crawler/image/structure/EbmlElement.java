package org.picket.crawler.image.structure;

import java.nio.charset.StandardCharsets;

/// One element of EBML (RFC 8794), of which Matroska files are made.
///
/// @param from where its body begins
/// @param end behind its body, or -1 where its length is open
record EbmlElement(int id, int from, int end) {

    /// The element at `at`, which may be open.
    static EbmlElement at(Octets octets, int at, int end) {
        int first = octets.u8(at);
        int idBytes = Integer.numberOfLeadingZeros(first) - 23;
        if (first == 0 || idBytes > 4 || at + idBytes >= end) {
            throw new FlawedObject(first == 0 || idBytes > 4 ? Flaw.STRUCTURE : Flaw.ENDS_EARLY);
        }
        int id = 0;
        for (int i = 0; i < idBytes; i++) {
            id = id << 8 | octets.u8(at + i);
        }
        int[] next = {at + idBytes};
        long size = size(octets, next, end);
        if (size < 0) {
            return new EbmlElement(id, next[0], -1);
        }
        if (size > end - next[0]) {
            throw new FlawedObject(Flaw.ENDS_EARLY);
        }
        return new EbmlElement(id, next[0], next[0] + (int) size);
    }

    /// The element at `at`, which must not be open.
    static EbmlElement closed(Octets octets, int at, int end) {
        EbmlElement element = at(octets, at, end);
        if (element.end() < 0) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        return element;
    }

    /// A number whose leading zero bits tell its length; -1 where all its bits are set. Steps behind it.
    static long size(Octets octets, int[] at, int end) {
        if (at[0] >= end) {
            throw new FlawedObject(Flaw.ENDS_EARLY);
        }
        int first = octets.u8(at[0]);
        int bytes = Integer.numberOfLeadingZeros(first) - 23;
        if (first == 0 || at[0] + bytes > end) {
            throw new FlawedObject(first == 0 ? Flaw.STRUCTURE : Flaw.ENDS_EARLY);
        }
        long value = first & 0xff >> bytes;
        for (int i = 1; i < bytes; i++) {
            value = value << 8 | octets.u8(at[0] + i);
        }
        at[0] += bytes;
        return value == (1L << 7 * bytes) - 1 ? -1 : value;
    }

    /// Where it ends: at the latest, if it is open.
    int end(int atMost) {
        return end < 0 ? atMost : end;
    }

    long number(Octets octets) {
        if (end - from > Long.BYTES) {
            throw new FlawedObject(Flaw.STRUCTURE);
        }
        long value = 0;
        for (int at = from; at < end; at++) {
            value = value << 8 | octets.u8(at);
        }
        return value;
    }

    /// Up to the first zero.
    String text(Octets octets) {
        int last = from;
        while (last < end && octets.u8(last) != 0) {
            last++;
        }
        return new String(octets.data(), from, last - from, StandardCharsets.ISO_8859_1);
    }
}
