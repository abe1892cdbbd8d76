package org.picket.coordinator.ruling;

import java.util.Arrays;
import java.util.Map;
import org.picket.coordinator.policy.Policy;
import org.picket.proto.limit.Limits;

/// The rules of a policy for whole blocks of stored scores at once. Tells the same numbers as
/// [CompiledPolicy#decide], object by object.
///
/// For one thread: it keeps its scratch space, which grows to the largest block seen.
public final class ColumnRules {
    private static final ColumnProgram NEVER = new ColumnProgram.Constant(0);

    private final CompiledRules rules;
    private final int concepts;
    private final ColumnProgram[] programs;
    private final ColumnProgram[] nearly;
    private final ColumnProgram[] hoping;
    private final ColumnProgram[] wanted;
    private final Adding[] adding;
    private final boolean[] asked;
    private final int[][] seen;
    private int[][] masks;
    private int[][] adjusted;
    private int[] decided = new int[0];

    /// One adjustment.
    private record Adding(ColumnProgram when, int steps, int[] places) {}

    /// @param compiled for the bundles that gave the scores
    public ColumnRules(CompiledPolicy compiled) {
        this.rules = compiled.rules();
        this.concepts = compiled.concepts();
        Policy policy = compiled.policy();
        Map<String, Integer> index = rules.index();
        int count = policy.rules().size();
        this.programs = new ColumnProgram[count];
        this.nearly = new ColumnProgram[count];
        this.hoping = new ColumnProgram[count];
        for (int i = 0; i < count; i++) {
            var rule = policy.rules().get(i);
            programs[i] = ColumnProgram.compile(rule.when(), index, false);
            nearly[i] = rule.nearly()
                    .map(near -> ColumnProgram.compile(near, index, false))
                    .orElse(NEVER);
            hoping[i] = rules.asked(i).length == 0 ? NEVER : ColumnProgram.compile(rule.when(), index, true);
        }
        this.wanted = policy.further().stream()
                .map(further -> ColumnProgram.compile(further.when(), index, false))
                .toArray(ColumnProgram[]::new);
        this.adding = policy.adjustments().stream()
                .map(adjustment -> new Adding(
                        ColumnProgram.compile(adjustment.when(), index, false),
                        adjustment.steps(),
                        adjustment.concepts().stream().mapToInt(index::get).toArray()))
                .toArray(Adding[]::new);
        this.asked = new boolean[concepts];
        int most = 1;
        for (int i = 0; i < count; i++) {
            most = Math.max(most, noted(programs[i]));
            most = Math.max(most, noted(nearly[i]));
            most = Math.max(most, noted(hoping[i]));
        }
        for (var program : wanted) {
            most = Math.max(most, noted(program));
        }
        for (var add : adding) {
            most = Math.max(most, noted(add.when()));
        }
        // Two more: what is still open, and what of it has been decided by one rule.
        this.masks = new int[most + 2][0];
        this.seen = new int[concepts][];
        this.adjusted = new int[concepts][];
    }

    private int noted(ColumnProgram program) {
        program.concepts(asked);
        return program.masks();
    }

    /// What the rules make of each object, as numbers; the array is reused by the next call, and may be longer
    /// than there are objects.
    ///
    /// @throws IllegalArgumentException if the scores are those of another bundle
    public int[] decide(ScoreColumns columns) {
        if (columns.concepts() != concepts) {
            throw new IllegalArgumentException(
                    "views of " + columns.concepts() + " scores for a bundle of " + concepts);
        }
        boolean together = rules.k() == 0;
        int size = together ? columns.objects() : columns.views();
        room(size, columns.objects());
        for (int concept = 0; concept < concepts; concept++) {
            if (asked[concept]) {
                seen[concept] = together ? columns.byObject(concept) : columns.byView(concept);
            }
        }
        adjust(size);
        return decide(columns, size);
    }

    private void room(int size, int objects) {
        if (masks[0].length < size) {
            int length = Math.max(size, Limits.SHARD_OBJECTS);
            for (int i = 0; i < masks.length; i++) {
                masks[i] = new int[length];
            }
            adjusted = new int[concepts][];
        }
        if (decided.length < objects) {
            decided = new int[Math.max(objects, Limits.SHARD_OBJECTS)];
        }
    }

    /// Puts adjusted columns in the place of those that something is added to. Conditions see the scores as they
    /// came, so the sums are made beside them first.
    private void adjust(int size) {
        if (adding.length == 0) {
            return;
        }
        var touched = new boolean[concepts];
        for (var add : adding) {
            add.when().run(seen, size, masks, 0);
            var mask = masks[0];
            for (int place : add.places()) {
                if (!asked[place]) {
                    continue;
                }
                if (adjusted[place] == null) {
                    adjusted[place] = new int[masks[0].length];
                }
                var sum = adjusted[place];
                if (!touched[place]) {
                    System.arraycopy(seen[place], 0, sum, 0, size);
                    touched[place] = true;
                }
                for (int i = 0; i < size; i++) {
                    sum[i] += mask[i] & add.steps();
                }
            }
        }
        for (int place = 0; place < concepts; place++) {
            if (touched[place]) {
                var sum = adjusted[place];
                for (int i = 0; i < size; i++) {
                    sum[i] = Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sum[i]));
                }
                seen[place] = sum;
            }
        }
    }

    private int[] decide(ScoreColumns columns, int size) {
        int objects = columns.objects();
        Arrays.fill(decided, 0, objects, CompiledPolicy.NO_RULE);
        var open = masks[masks.length - 1];
        Arrays.fill(open, 0, objects, -1);
        for (int i = 0; i < programs.length; i++) {
            take(i, run(programs[i], columns, size, 0), objects);
            if (hoping[i] != NEVER && Masks.any(open, objects)) {
                wait(i, columns, size);
            }
            if (!Masks.any(open, objects)) {
                return decided;
            }
        }
        for (int i = 0; i < programs.length; i++) {
            if (nearly[i] != NEVER) {
                take(programs.length + i, run(nearly[i], columns, size, 0), objects);
            }
        }
        return decided;
    }

    private void wait(int rule, ScoreColumns columns, int size) {
        int objects = columns.objects();
        var may = masks[masks.length - 2];
        System.arraycopy(run(hoping[rule], columns, size, 0), 0, may, 0, objects);
        for (int bundle : rules.asked(rule)) {
            var mask = run(wanted[bundle], columns, size, 0);
            for (int i = 0; i < objects; i++) {
                mask[i] &= may[i];
            }
            take(2 * programs.length + rule * wanted.length + bundle, mask, objects);
        }
    }

    /// Those that are open and in the mask are decided.
    private void take(int number, int[] mask, int objects) {
        var open = masks[masks.length - 1];
        for (int i = 0; i < objects; i++) {
            int now = mask[i] & open[i];
            decided[i] = decided[i] & ~now | number & now;
            open[i] &= ~now;
        }
    }

    /// A mask of objects: of those on enough of whose views the program is true.
    private int[] run(ColumnProgram program, ScoreColumns columns, int size, int at) {
        program.run(seen, size, masks, at);
        var mask = masks[at];
        if (rules.k() == 0 || columns.objects() == columns.views()) {
            return mask;
        }
        for (int object = 0; object < columns.objects(); object++) {
            int from = columns.firstView(object);
            int to = columns.firstView(object + 1);
            int held = 0;
            for (int view = from; view < to; view++) {
                held -= mask[view];
            }
            // In place: an object never has its number behind that of its first view.
            mask[object] = Math.min(rules.k(), to - from) - 1 - held >> 31;
        }
        return mask;
    }
}
