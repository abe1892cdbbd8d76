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

    /// The scores of two bundles of one object, view by view: these, then those. Where one has fewer views, its
    /// last one stands for those that it lacks, which changes no highest score.
    ///
    /// @throws IllegalArgumentException if either has no view
    public ViewScores beside(ViewScores other) {
        if (views == 0 || other.views == 0) {
            throw new IllegalArgumentException("scores of no view");
        }
        int all = Math.max(views, other.views);
        int width = concepts + other.concepts;
        var both = new short[all * width];
        for (int view = 0; view < all; view++) {
            copy(view, both, view * width);
            other.copy(view, both, view * width + concepts);
        }
        return new ViewScores(both, 0, all, width);
    }

    private void copy(int view, short[] into, int at) {
        System.arraycopy(q, from + Math.min(view, views - 1) * concepts, into, at, concepts);
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
