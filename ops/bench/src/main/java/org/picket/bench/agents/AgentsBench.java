package org.picket.bench.agents;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;

/// 1,000 agents beside 10, against one coordinator: throughput by turns, and how long a grant takes when agents work at
/// their own pace, and after all have lost their connections at once.
public final class AgentsBench implements Bench {
    private static final int FEW = 10;
    private static final int LEASES = 2;

    /// So a thousand agents ask for a hundred leases a second.
    private static final long PAUSE_MILLIS = 10_000;

    @Override
    public void run(Workplace workplace) throws IOException, InterruptedException {
        int many = workplace.amount(100, 1_000);
        SecureRandom random = new SecureRandom();
        try (Host host = Host.start(workplace.folder())) {
            double heapOfNone = host.liveHeap();
            try (Supply supply = Supply.join(host, random);
                    Crowd crowd = supply.crowd()) {
                crowd.grow(host, FEW, random);
                long began = System.nanoTime();
                crowd.grow(host, many, random);
                Figure.once("agents.joined", "1/s", (many - FEW) / ((System.nanoTime() - began) / 1e9))
                        .print();
                byTurns(workplace, host, supply, crowd, many);
                atTheirPace(workplace, supply, crowd, many);
                Figure.once("agents.heap_of_none", "MiB", heapOfNone).print();
                Figure.once("agents.heap", "MiB", host.liveHeap(), "agents=" + many)
                        .print();
                Figure.once("agents.resident", "MiB", host.resident(), "agents=" + many, "largest_heap=768 MiB")
                        .print();
            }
        }
    }

    private static void byTurns(Workplace workplace, Host host, Supply supply, Crowd crowd, int many)
            throws InterruptedException {
        long millis = workplace.amount(3_000, 8_000);
        int shards = workplace.amount(4_000, 20_000);
        supply.list(shards);
        crowd.run(new Crowd.Plan(FEW, LEASES, 2 * millis, 0, 0));
        crowd.run(new Crowd.Plan(many, LEASES, millis, 0, 0));
        List<Double> few = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        List<Double> p99 = new ArrayList<>();
        List<Double> micros = new ArrayList<>();
        for (int run = 0; run < workplace.amount(1, 3); run++) {
            supply.list(shards);
            few.add(said("few", crowd.run(new Crowd.Plan(FEW, LEASES, millis, 0, 0)))
                    .objectsPerSecond());
            double before = host.processorSeconds();
            Crowd.Done done = said("many", crowd.run(new Crowd.Plan(many, LEASES, millis, 0, 0)));
            micros.add((host.processorSeconds() - before) * 1e6 / (done.objectsPerSecond() * millis / 1e3));
            all.add(done.objectsPerSecond());
            p99.add(done.p99());
        }
        new Figure("agents.throughput", "objects/s", few, List.of("agents=" + FEW, "leases=" + LEASES)).print();
        new Figure("agents.throughput", "objects/s", all, List.of("agents=" + many, "leases=" + LEASES)).print();
        new Figure("agents.throughput_to_few", "ratio", Figure.ratios(all, few), List.of("agents=" + many)).print();
        new Figure("agents.coordinator_processor", "us/object", micros, List.of("agents=" + many)).print();
        new Figure("agents.grant_p99", "ms", p99, List.of("agents=" + many, "pace=flat out")).print();
    }

    private static Crowd.Done said(String what, Crowd.Done done) {
        System.err.println("bench: agents, " + what + ": " + done);
        return done;
    }

    private static void atTheirPace(Workplace workplace, Supply supply, Crowd crowd, int many)
            throws InterruptedException {
        long millis = workplace.amount(6_000, 20_000);
        List<Double> p50 = new ArrayList<>();
        List<Double> p99 = new ArrayList<>();
        List<Double> cut50 = new ArrayList<>();
        List<Double> cut99 = new ArrayList<>();
        List<Double> cutMost = new ArrayList<>();
        for (int run = 0; run < workplace.amount(1, 2); run++) {
            supply.list(workplace.amount(2_000, 6_000));
            Crowd.Done calm = said("calm", crowd.run(new Crowd.Plan(many, LEASES, millis, PAUSE_MILLIS, 0)));
            p50.add(calm.p50());
            p99.add(calm.p99());
            Crowd.Done cut = said("cut", crowd.run(new Crowd.Plan(many, LEASES, millis, PAUSE_MILLIS, millis / 2)));
            cut50.add(cut.p50());
            cut99.add(cut.p99());
            cutMost.add(cut.most());
        }
        List<String> conditions = List.of("agents=" + many, "pause=10 s");
        new Figure("agents.grant_p50", "ms", p50, conditions).print();
        new Figure("agents.grant_p99", "ms", p99, conditions).print();
        new Figure("agents.reconnected_grant_p50", "ms", cut50, conditions).print();
        new Figure("agents.reconnected_grant_p99", "ms", cut99, conditions).print();
        new Figure("agents.reconnected_grant_most", "ms", cutMost, conditions).print();
    }
}
