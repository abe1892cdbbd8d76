package org.picket.coordinator.shard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.picket.proto.key.KeyOrder;
import org.picket.proto.limit.Limits;

/// Objects out of one shard that a further bundle has to score before they are ruled on. It is leased, split and
/// ruled as a shard of its own.
///
/// @param parent number of the shard out of which its objects came
/// @param scored further bundles that have scored them, as `CompiledPolicy.scored`
/// @param bundle place of the further bundle that is to
/// @param objects in key order
public record FollowUp(int parent, int scored, int bundle, List<WaitingObject> objects) {
    /// The first number of a follow-up; those of other shards are lower.
    public static final int FIRST = 1 << 30;

    public FollowUp {
        objects = List.copyOf(objects);
        if (objects.isEmpty() || objects.size() > Limits.SHARD_OBJECTS) {
            throw new IllegalArgumentException("a follow-up of " + objects.size() + " objects");
        }
    }

    /// Whether a shard of that number is a follow-up.
    public static boolean is(int number) {
        return number >= FIRST;
    }

    /// Cuts follow-ups out of what waits: one for each bundle, more where one would be too large.
    ///
    /// @param scored further bundles that have scored
    /// @param waiting by the place of the bundle waited for, in key order
    public static List<FollowUp> cut(int parent, int scored, Map<Integer, List<WaitingObject>> waiting) {
        List<FollowUp> cut = new ArrayList<>();
        new TreeMap<>(waiting).forEach((bundle, objects) -> {
            List<WaitingObject> sorted = objects.stream()
                    .sorted(Comparator.comparing(WaitingObject::key, KeyOrder::compare))
                    .toList();
            for (int from = 0; from < sorted.size(); from += Limits.SHARD_OBJECTS) {
                int to = Math.min(sorted.size(), from + Limits.SHARD_OBJECTS);
                cut.add(new FollowUp(parent, scored, bundle, sorted.subList(from, to)));
            }
        });
        return cut;
    }

    /// The first key among its objects.
    String firstKey() {
        return objects.getFirst().key();
    }

    /// The last one.
    String lastKey() {
        return objects.getLast().key();
    }

    @Override
    public String toString() {
        return "FollowUp[" + objects.size() + " objects, bundle " + bundle + "]";
    }
}
