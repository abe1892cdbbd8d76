package org.picket.coordinator.ruling;

import java.util.List;

/// The scores of one object's views, within an array that may hold those of others too; not to be changed while
/// in use.
///
/// @param q fixed point (value = q / 16384), view after view, each in the order of the bundle's concepts
/// @param from index of the first score
/// @param views how many views
/// @param concepts scores per view
public record ViewScores(short[] q, int from, int views, int concepts) {

    public ViewScores {
        if (from < 0 || views < 0 || concepts < 1 || from + (long) views * concepts > q.length) {
            throw new IllegalArgumentException(
                    views + " views of " + concepts + " scores from " + from + " do not fit into " + q.length);
        }
    }

    /// @throws IllegalArgumentException if the views have not the same number of scores
    public static ViewScores of(List<short[]> views, int concepts) {
        var q = new short[views.size() * concepts];
        for (int i = 0; i < views.size(); i++) {
            if (views.get(i).length != concepts) {
                throw new IllegalArgumentException(
                        "view " + i + " has " + views.get(i).length + " scores, not " + concepts);
            }
            System.arraycopy(views.get(i), 0, q, i * concepts, concepts);
        }
        return new ViewScores(q, 0, views.size(), concepts);
    }

    /// Score number `concept` of view number `view`.
    short at(int view, int concept) {
        return q[from + view * concepts + concept];
    }

    /// The highest score of a concept over the views; the lowest possible where there is none.
    short highest(int concept) {
        int highest = Short.MIN_VALUE;
        for (int view = 0; view < views; view++) {
            highest = Math.max(highest, at(view, concept));
        }
        return (short) highest;
    }
}
