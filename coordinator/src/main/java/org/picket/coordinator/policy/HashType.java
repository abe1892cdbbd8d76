package org.picket.coordinator.policy;

import java.util.Locale;
import java.util.Optional;

/// By what a hash list knows an object.
public enum HashType {
    /// Its stored bytes, beyond doubt.
    SHA256(1, 32),
    /// Its stored bytes; two contents of one MD5 can be made on purpose.
    MD5(2, 16),
    /// Its picture: what looks alike is near.
    PDQ(3, 32);

    private final int code;
    private final int bytes;

    HashType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /// As on the wire and in the database.
    public int code() {
        return code;
    }

    /// Bytes of a hash.
    public int bytes() {
        return bytes;
    }

    /// As people write it: `sha256`, `md5`, `pdq`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<HashType> ofCode(int code) {
        for (var type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /// Of a word in either case.
    public static Optional<HashType> ofWord(String word) {
        for (var type : values()) {
            if (type.word().equals(word.toLowerCase(Locale.ROOT))) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
