package org.picket.coordinator.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.picket.coordinator.ruling.ViewScores;
import org.picket.coordinator.shard.RulingBits.Mark;
import org.picket.coordinator.shard.WaitingObject;
import org.picket.coordinator.supply.Supplied;

/// Objects of one verdict that a further bundle has to score before they are ruled on. For one thread.
final class Waiting {
    private final Map<Integer, List<WaitingObject>> objects = new HashMap<>();

    /// @param bundle place of the further bundle
    /// @param scores that it has so far
    void add(int bundle, Supplied object, ViewScores scores) {
        int to = scores.from() + scores.views() * scores.concepts();
        objects.computeIfAbsent(bundle, _ -> new ArrayList<>())
                .add(new WaitingObject(
                        object.key(),
                        object.version(),
                        object.sha256().orElseThrow(),
                        scores.views(),
                        Arrays.copyOfRange(scores.q(), scores.from(), to)));
    }

    boolean none() {
        return objects.isEmpty();
    }

    /// By the place of the bundle waited for.
    Map<Integer, List<WaitingObject>> objects() {
        return objects;
    }

    /// What a replay needs of the others: those that wait are kept once they are ruled, with all their scores.
    static RuledObjects.Block without(Mark[] marks, RuledObjects.Block block) {
        int kept = 0;
        int keptViews = 0;
        int allViews = 0;
        for (int i = 0; i < marks.length; i++) {
            allViews += block.views()[i];
            if (marks[i] != Mark.WAITING) {
                kept++;
                keptViews += block.views()[i];
            }
        }
        int concepts = allViews == 0 ? 0 : block.scores().length / allViews;
        long[] tags = new long[kept];
        int[] views = new int[kept];
        short[] scores = new short[keptViews * concepts];
        int object = 0;
        int from = 0;
        int to = 0;
        for (int i = 0; i < marks.length; i++) {
            int length = block.views()[i] * concepts;
            if (marks[i] != Mark.WAITING) {
                tags[object] = block.tags()[i];
                views[object] = block.views()[i];
                object++;
                System.arraycopy(block.scores(), from, scores, to, length);
                to += length;
            }
            from += length;
        }
        return new RuledObjects.Block(tags, views, scores);
    }
}
