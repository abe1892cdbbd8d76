package org.picket.crawler.removal;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.seal.Digest;

/// An order whose signature was checked. It binds the content that was ruled on; the executor compares all of
/// it with the storage again, right before it acts.
///
/// @param key path below the storage root
/// @param version the version that was listed and scanned
/// @param sha256 of the content
/// @param sizeBytes of the content
/// @param quarantinedBy for RELEASE, and for PURGE of a quarantined object: the order that quarantined it
public record RemovalOrder(
        OrderId orderId,
        FindingId findingId,
        RemovalAction action,
        String key,
        String version,
        Digest sha256,
        long sizeBytes,
        Optional<OrderId> quarantinedBy) {

    public RemovalOrder {
        Objects.requireNonNull(orderId, "orderId");
        Objects.requireNonNull(findingId, "findingId");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(quarantinedBy, "quarantinedBy");
        if (key.isEmpty() || version.isEmpty() || sizeBytes < 0) {
            throw new IllegalArgumentException("an order needs a key, a version and a size");
        }
        switch (action) {
            case QUARANTINE -> {
                if (quarantinedBy.isPresent()) {
                    throw new IllegalArgumentException("an order to quarantine names no earlier order");
                }
            }
            case RELEASE -> {
                if (quarantinedBy.isEmpty()) {
                    throw new IllegalArgumentException("an order to release names the order that quarantined");
                }
            }
            case PURGE -> {}
        }
    }

    /// The name under which the object is, or will be, in the private place.
    String placeName() {
        return quarantinedBy.orElse(orderId).toString();
    }

    /// Binds everything the order says, so that an id used twice for different things is noticed.
    Digest content() {
        String text = String.join(
                "\n",
                orderId.toString(),
                findingId.toString(),
                action.name(),
                key,
                version,
                sha256.hex(),
                Long.toString(sizeBytes),
                placeName());
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Names no object.
    @Override
    public String toString() {
        return "RemovalOrder[" + orderId + ", " + action + "]";
    }
}
