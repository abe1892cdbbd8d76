package org.picket.coordinator.supply;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.picket.coordinator.ruling.Ruling;
import org.picket.coordinator.shard.ClaimedShard;
import org.picket.proto.key.KeyOrder;
import org.picket.proto.limit.Limits;
import org.picket.proto.seal.Digest;
import org.picket.proto.v1.InconclusiveReason;
import org.picket.proto.v1.SuppliedObject;
import org.picket.proto.v1.SupplyReport;

/// What a crawler may say of an object. Pure.
public final class SupplyRules {
    private static final int DETAIL_LENGTH = 500;
    private static final int VERSION_BYTES = 1_024;

    /// No storage has an object of so many bytes; sums of sizes stay far from their bound.
    private static final long MOST_BYTES = 1L << 50;

    /// The first instant of year 1 and the last one of 9999: what every database and person can hold.
    static final long FIRST_MILLIS = -62_135_596_800_000L;

    static final long LAST_MILLIS = 253_402_300_799_999L;

    private SupplyRules() {}

    /// Why a report is none of its shard: each object lies in its range, in key order, once.
    ///
    /// @param last the last key told of before; empty: none
    public static Optional<String> fault(ClaimedShard shard, String last, SupplyReport report) {
        String before = last;
        for (SuppliedObject object : report.getObjectsList()) {
            String key = object.getKey();
            if (!before.isEmpty() && KeyOrder.compare(key, before) <= 0) {
                return Optional.of("objects of the segment are out of order");
            }
            before = key;
        }
        // In order, all lie between the first one and the last.
        return report.getObjectsCount() == 0
                        || KeyOrder.compare(report.getObjects(0).getKey(), shard.firstKey()) >= 0
                                && KeyOrder.compare(before, shard.lastKey()) <= 0
                ? Optional.empty()
                : Optional.of("an object of the segment is none of this shard's");
    }

    /// Reads one object; empty where it is malformed.
    ///
    /// @param probed what a probe said of its content
    static Optional<Supplied> read(SuppliedObject object, Optional<Ruling> probed) {
        return read(object, () -> outcome(object, probed));
    }

    /// Reads an object that is on a list.
    ///
    /// @param imported what imported lists say
    static Optional<Supplied> listed(SuppliedObject object, Optional<Ruling> imported) {
        return read(
                object,
                () -> object.getSha256().size() == Digest.LENGTH
                        ? Optional.of(new Supplied.Listed(imported))
                        : Optional.empty());
    }

    private static Optional<Supplied> read(SuppliedObject object, Supplier<Optional<Supplied.Outcome>> outcome) {
        int hash = object.getSha256().size();
        // Once: protobuf turns a field from bytes to characters and back as it is asked.
        String key = object.getKey();
        String version = object.getVersion();
        // What is longer fits no index: one such object would spoil all reports that are written together with it.
        boolean sound = atMost(Limits.KEY_BYTES, key)
                && atMost(VERSION_BYTES, version)
                && !key.isEmpty()
                && key.indexOf(0) < 0
                && version.indexOf(0) < 0
                && (hash == 0 || hash == Digest.LENGTH)
                && object.getBytes() >= 0
                && object.getBytes() <= MOST_BYTES;
        return sound
                ? outcome.get()
                        .map(found -> new Supplied(
                                key,
                                version,
                                object.getBytes(),
                                Math.clamp(object.getModifiedMillis(), FIRST_MILLIS, LAST_MILLIS),
                                hash == 0 ? Optional.empty() : Optional.of(new Digest(object.getSha256())),
                                found))
                : Optional.empty();
    }

    /// Whether it takes no more bytes as UTF-8, of which no character of a string takes more than three.
    private static boolean atMost(int bytes, String text) {
        return text.length() <= bytes / 3
                || text.length() <= bytes && text.getBytes(StandardCharsets.UTF_8).length <= bytes;
    }

    private static Optional<Supplied.Outcome> outcome(SuppliedObject object, Optional<Ruling> probed) {
        return switch (object.getOutcomeCase()) {
            case VIEWS -> views(object);
            case INCONCLUSIVE -> {
                InconclusiveReason reason = object.getInconclusive().getReason();
                String detail = object.getInconclusive().getDetail();
                yield reason == InconclusiveReason.INCONCLUSIVE_REASON_UNSPECIFIED
                                || reason == InconclusiveReason.UNRECOGNIZED
                        ? Optional.empty()
                        : Optional.of(new Supplied.Unreadable(
                                reason,
                                detail.replace('\0', ' ').substring(0, Math.min(detail.length(), DETAIL_LENGTH))));
            }
            case KNOWN -> probed.map(Supplied.Known::new);
            case GONE -> Optional.of(new Supplied.Gone());
            case LISTED, OUTCOME_NOT_SET -> Optional.empty();
        };
    }

    private static Optional<Supplied.Outcome> views(SuppliedObject object) {
        List<ByteString> digests = object.getViews().getDigestsList();
        if (digests.isEmpty()
                || digests.size() > Limits.OBJECT_VIEWS
                || object.getSha256().size() != Digest.LENGTH) {
            return Optional.empty();
        }
        for (ByteString digest : digests) {
            if (digest.size() != Digest.LENGTH) {
                return Optional.empty();
            }
        }
        return Optional.of(new Supplied.Views(digests));
    }
}
