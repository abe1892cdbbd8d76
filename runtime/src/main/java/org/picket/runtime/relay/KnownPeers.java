package org.picket.runtime.relay;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.picket.proto.seal.KeyId;
import org.picket.runtime.identity.Party;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of members that this one has met at the relay, as it met them first. A coordinator that gives
/// somebody else a member's number is noticed so; one that lets in a new member of its own is not, but that
/// member's key is told.
///
/// Kept in a file, a line each. Safe for any number of threads.
public final class KnownPeers {
    /// Members remembered; beyond it new ones are believed by their certificates alone.
    static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(KnownPeers.class);
    private static final String IS = " = ";

    private final Path file;
    private final Map<Party, KeyId> keys = new HashMap<>();

    private KnownPeers(Path file) {
        this.file = file;
    }

    /// Reads what is known; a file that is not there is made with the first member.
    ///
    /// @throws IllegalArgumentException where a line of it is none
    public static KnownPeers open(Path file) {
        KnownPeers known = new KnownPeers(file);
        try {
            if (Files.exists(file)) {
                Files.readAllLines(file).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .limit(MOST)
                        .forEach(known::read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the members known before cannot be read from " + file, e);
        }
        return known;
    }

    private void read(String line) {
        List<String> parts = List.of(line.split(IS, 2));
        Optional<Party> party = Party.parse(parts.getFirst().strip());
        Optional<KeyId> key = parts.size() == 2 ? key(parts.getLast().strip()) : Optional.empty();
        if (key.isEmpty() || party.isEmpty()) {
            throw new IllegalArgumentException("a line in " + file + " is no member and its key: " + line);
        }
        keys.put(party.get(), key.get());
    }

    private static Optional<KeyId> key(String hex) {
        try {
            return Optional.of(new KeyId(ByteString.copyFrom(HexFormat.of().parseHex(hex))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Whether that may be the member's key: it was so before, or the member was not met before.
    public synchronized boolean is(Party member, KeyId key) {
        Optional<KeyId> before = Optional.ofNullable(keys.get(member));
        if (before.isEmpty() && keys.size() < MOST) {
            keys.put(member, key);
            LOG.info("{} was met for the first time; its key is {}", member, key);
            append(member.uri() + IS + key + "\n");
        }
        return before.orElse(key).equals(key);
    }

    private void append(String line) {
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            LOG.warn("{} cannot be written: the member is known until this process ends", file);
        }
    }

    /// Where they are kept.
    @Override
    public String toString() {
        return file.toString();
    }
}
