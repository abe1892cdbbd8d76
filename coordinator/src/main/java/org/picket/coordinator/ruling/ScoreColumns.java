package org.picket.coordinator.ruling;

import java.util.Arrays;

/// The scores of one stored block, column by column: for each concept those of all views after each other. A
/// column is unpacked when it is first asked for.
///
/// Objects that were not scored are left out; the others are numbered from 0. For one thread; [#read] reuses
/// its arrays, so there is one for each thread and not one for each block.
public final class ScoreColumns {
    private byte[] encoded = new byte[0];
    private int[] columns = new int[0];
    private int scored;
    private int concepts;
    private int views;
    private int objects;
    private int[] firstView = new int[1];
    private int[][] byView = new int[0][];
    private int[][] byObject = new int[0][];
    private boolean[] viewsRead = new boolean[0];
    private boolean[] objectsRead = new boolean[0];

    /// Takes the place of the block before.
    ///
    /// @throws ScoreBlock.Unreadable if these are not the bytes of one whole block
    public void read(byte[] bytes) {
        var block = ScoreBlock.unpack(bytes);
        encoded = block.encoded();
        columns = block.columns();
        scored = block.scored();
        concepts = block.concepts();
        views = block.allViews();
        objects = 0;
        if (firstView.length <= block.views().length) {
            firstView = new int[block.views().length + 1];
        }
        for (byte count : block.views()) {
            if (count != 0) {
                firstView[objects + 1] = firstView[objects] + Byte.toUnsignedInt(count);
                objects++;
            }
        }
        if (byView.length < concepts) {
            byView = new int[concepts][0];
            byObject = new int[concepts][0];
            viewsRead = new boolean[concepts];
            objectsRead = new boolean[concepts];
        }
        Arrays.fill(viewsRead, false);
        Arrays.fill(objectsRead, false);
    }

    /// Objects that were scored.
    public int objects() {
        return objects;
    }

    /// Which further bundles' scores are among them, as [CompiledPolicy#scored].
    public int scored() {
        return scored;
    }

    public int concepts() {
        return concepts;
    }

    int views() {
        return views;
    }

    /// Where the object's views begin; for [#objects] itself where the last one's end.
    int firstView(int object) {
        return firstView[object];
    }

    /// The scores of a concept, one a view; may be longer than there are views.
    int[] byView(int concept) {
        if (!viewsRead[concept]) {
            if (byView[concept].length < views) {
                byView[concept] = new int[views];
            }
            PackedColumn.read(encoded, columns[concept], views, byView[concept]);
            viewsRead[concept] = true;
        }
        return byView[concept];
    }

    /// The highest score of a concept over each object's views; may be longer than there are objects.
    int[] byObject(int concept) {
        if (objects == views) {
            return byView(concept);
        }
        if (!objectsRead[concept]) {
            if (byObject[concept].length < objects) {
                byObject[concept] = new int[objects];
            }
            highest(byView(concept), byObject[concept]);
            objectsRead[concept] = true;
        }
        return byObject[concept];
    }

    private void highest(int[] from, int[] into) {
        for (int object = 0; object < objects; object++) {
            int highest = from[firstView[object]];
            for (int view = firstView[object] + 1; view < firstView[object + 1]; view++) {
                highest = Math.max(highest, from[view]);
            }
            into[object] = highest;
        }
    }
}
