package org.picket.bench.replay;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;
import org.picket.coordinator.database.Database;
import org.picket.coordinator.database.DatabaseSettings;
import org.picket.coordinator.policy.Policy;
import org.picket.coordinator.replay.Replay;
import org.picket.coordinator.replay.Replayed;

/// `policy replay` over a million objects of 64 scores in an embedded PostgreSQL, by the same code as the command:
/// small rules, and rules of the older tools' size.
public final class ReplayBench implements Bench {
    @Override
    public void run(Workplace workplace) {
        int objects = workplace.amount(50_000, 1_000_000);
        try (Database database =
                Database.open(new DatabaseSettings.Embedded(workplace.folder().resolve("replay")))) {
            StoredScores.Filled filled = StoredScores.fill(database, objects);
            String amount = "objects=" + objects;
            String concepts = "concepts=" + StoredScores.CONCEPTS;
            Figure.once("replay.stored", "bytes/object", filled.bytes() / (double) objects, amount, concepts)
                    .print();
            for (BenchRules rules : BenchRules.values()) {
                measure(workplace, database, rules, objects);
            }
        }
    }

    private static void measure(Workplace workplace, Database database, BenchRules rules, int objects) {
        Policy other = policy(rules.text(2));
        StoredScores.putTerms(database, rules.text(1));
        List<Double> seconds = new ArrayList<>();
        for (int run = 0; run < workplace.amount(2, 5); run++) {
            long begin = System.nanoTime();
            List<Replayed> replayed = new Replay(database).run(other);
            seconds.add((System.nanoTime() - begin) / 1e9);
            require(replayed, objects);
        }
        String[] conditions = {
            "objects=" + objects,
            "concepts=" + StoredScores.CONCEPTS,
            "rules=" + rules.words(),
            "threads=" + Replay.WORKERS
        };
        new Figure("replay.whole", "s", seconds, List.of(conditions)).print();
        double highest = seconds.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        Figure.once("replay.rate", "objects/s", objects / highest, conditions).print();
    }

    private static Policy policy(String text) {
        return Policy.parse(text, Path.of(".")).orThrow();
    }

    /// That every object was ruled, and that the two policies differ.
    private static void require(List<Replayed> replayed, int objects) {
        if (replayed.size() != 1
                || !(replayed.getFirst().result() instanceof Replayed.Compared compared)
                || compared.coverage().scored() != objects
                || compared.diff().newlyFlagged() == 0) {
            throw new IllegalStateException("this is no replay of " + objects + " objects: " + replayed);
        }
    }
}
