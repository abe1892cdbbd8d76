package org.picket.coordinator.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.picket.proto.limit.Limits;

/// How the ranges of one push become shards. Pure.
///
/// Ranges are never split, so a range of a later listing is compared with what was ruled as a whole. Ranges
/// that are known from an earlier listing are joined among themselves; they will not be leased, so they may be
/// joined freely.
public final class ShardPlan {
    /// Objects of the first shard of a listing: the first rulings come soon, whatever the agent's speed.
    public static final int FIRST_OBJECTS = 64;

    /// How long a lease should keep an agent busy, in seconds.
    public static final int LEASE_SECONDS = 60;

    /// Objects of known ranges that are joined into one row.
    public static final int KNOWN_OBJECTS = 16_384;

    private ShardPlan() {}

    /// A shard to be.
    ///
    /// @param span what it covers
    /// @param known whether all of it is ruled already
    public record Planned(ShardSpan span, boolean known) {}

    /// Objects of a shard that an agent of that speed works off in a minute.
    ///
    /// @param objectsPerSecond measured; 0 while unknown
    public static int target(double objectsPerSecond) {
        if (!(objectsPerSecond > 0)) {
            return Limits.SHARD_OBJECTS;
        }
        return (int) Math.clamp(objectsPerSecond * LEASE_SECONDS, FIRST_OBJECTS, Limits.SHARD_OBJECTS);
    }

    /// Most objects of the shard that has this number: 64, 128, … up to the target.
    static int limit(int number, int target) {
        int doublings = Math.min(number - 1, Integer.numberOfTrailingZeros(Limits.SHARD_OBJECTS));
        return Math.max(FIRST_OBJECTS, Math.min(target, FIRST_OBJECTS << doublings));
    }

    /// Cuts shards.
    ///
    /// @param ranges in key order
    /// @param known whether a range is ruled already
    /// @param firstNumber the number that the first shard will have
    /// @param target most objects of a shard; a single larger range makes a shard of its own
    public static List<Planned> cut(List<KeyRange> ranges, Predicate<KeyRange> known, int firstNumber, int target) {
        List<Planned> planned = new ArrayList<>();
        List<KeyRange> run = new ArrayList<>();
        int objects = 0;
        boolean runKnown = false;
        for (KeyRange range : ranges) {
            boolean isKnown = known.test(range);
            int limit = isKnown ? KNOWN_OBJECTS : limit(firstNumber + planned.size(), target);
            if (!run.isEmpty() && (isKnown != runKnown || objects + range.objects() > limit)) {
                planned.add(new Planned(ShardSpan.of(run), runKnown));
                run.clear();
                objects = 0;
            }
            run.add(range);
            objects += range.objects();
            runKnown = isKnown;
        }
        if (!run.isEmpty()) {
            planned.add(new Planned(ShardSpan.of(run), runKnown));
        }
        return planned;
    }
}
