package org.picket.coordinator.hashlist;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.picket.coordinator.policy.HashType;
import org.picket.proto.seal.Digest;

/// The digest that names what is in force: over the lists in the order of their numbers and their entries by
/// type and value.
final class InForce {
    private static final byte[] DOMAIN = "picket/v1/lists\0".getBytes(StandardCharsets.US_ASCII);

    private final MessageDigest sha256 = Digest.sha256();
    private Optional<Group> group = Optional.empty();

    private record Group(long list, HashType type) {}

    /// A list of which something is in force, or may be.
    record Listed(long id, ListTerms terms) {}

    InForce(List<Listed> lists) {
        sha256.update(DOMAIN);
        for (Listed list : lists) {
            byte[] terms = list.terms().wire().toByteArray();
            sha256.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                    .putLong(list.id())
                    .putInt(terms.length)
                    .flip());
            sha256.update(terms);
        }
    }

    void add(long list, HashType type, byte[] value) {
        Group next = new Group(list, type);
        if (!group.equals(Optional.of(next))) {
            sha256.update(ByteBuffer.allocate(Long.BYTES + 1)
                    .putLong(list)
                    .put((byte) type.code())
                    .flip());
            group = Optional.of(next);
        }
        sha256.update(value);
    }

    Digest digest() {
        return Digest.finish(sha256);
    }
}
