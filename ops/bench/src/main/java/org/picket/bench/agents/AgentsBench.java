package org.picket.bench.agents;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.picket.bench.Bench;
import org.picket.bench.Figure;
import org.picket.bench.Workplace;

/// 1,000 agents beside 10, against one coordinator: throughput by turns, and how long a grant takes when agents work at
/// their own pace, and after all have lost their connections at once. What calls failed and why requests brought no
/// lease is told run by run.
public final class AgentsBench implements Bench {
    private static final int FEW = 10;
    private static final int LEASES = 2;

    /// So a thousand agents, each of which works on one lease at a time, ask for a hundred leases a second.
    private static final long PAUSE_MILLIS = 10_000;

    private static final double MICROS = 1e6;

    private static double coordinator(Crowd.Done done) {
        return done.used().coordinator() * MICROS / done.objects();
    }

    private static double database(Crowd.Done done) {
        return done.used().database() * MICROS / done.objects();
    }

    private static double clients(Crowd.Done done) {
        return done.used().clients() * MICROS / done.objects();
    }

    /// Objects that the coordinator and its database rule in a second of one processor.
    private static double capacity(Crowd.Done done) {
        return done.objects() / (done.used().coordinator() + done.used().database());
    }

    @Override
    public void run(Workplace workplace) throws IOException, InterruptedException {
        int many = workplace.amount(100, 1_000);
        SecureRandom random = new SecureRandom();
        try (Host host = Host.start(workplace.folder())) {
            memory(host, 0);
            try (Supply supply = Supply.join(host, random);
                    Crowd crowd = supply.crowd()) {
                crowd.grow(host, FEW, random);
                supply.list(workplace.amount(4_000, 20_000));
                taken(
                        "warming up, few",
                        host,
                        crowd,
                        new Crowd.Plan(FEW, LEASES, 0, workplace.amount(6_000, 12_000), 0, false));
                memory(host, FEW);
                long began = System.nanoTime();
                crowd.grow(host, many, random);
                Figure.once("agents.joined", "1/s", (many - FEW) / ((System.nanoTime() - began) / 1e9))
                        .print();
                byTurns(workplace, host, supply, crowd, many);
                atTheirPace(workplace, host, supply, crowd, many);
                memory(host, many);
            }
        }
    }

    private static void memory(Host host, int agents) throws IOException, InterruptedException {
        String condition = "agents=" + agents;
        double resident = host.resident();
        Figure.once("agents.heap", "MiB", host.liveHeap(), condition, "largest_heap=768 MiB")
                .print();
        Figure.once("agents.resident", "MiB", resident, condition).print();
        Figure.once("agents.threads", "threads", host.threads(), condition).print();
        Figure.once("agents.sockets", "sockets", host.sockets(), condition).print();
    }

    private static void byTurns(Workplace workplace, Host host, Supply supply, Crowd crowd, int many)
            throws InterruptedException {
        long millis = workplace.amount(3_000, 6_000);
        // A thousand agents, all at once, have leases of half a million objects under way.
        long ramp = workplace.amount(3_000, 8_000);
        int shards = workplace.amount(4_000, 12_000);
        taken("warming up, many", host, crowd, new Crowd.Plan(many, LEASES, ramp, millis, 0, false));
        List<Crowd.Done> few = new ArrayList<>();
        List<Crowd.Done> all = new ArrayList<>();
        for (int run = 0; run < workplace.amount(1, 3); run++) {
            supply.list(shards);
            few.add(taken("few", host, crowd, new Crowd.Plan(FEW, LEASES, 0, millis, 0, false)));
            all.add(taken("many", host, crowd, new Crowd.Plan(many, LEASES, ramp, millis, 0, false)));
        }
        for (List<Crowd.Done> each : List.of(few, all)) {
            List<String> conditions = List.of("agents=" + (each == few ? FEW : many), "leases=" + LEASES);
            print("throughput", "objects/s", each, Crowd.Done::objectsPerSecond, conditions);
            print("processor.coordinator", "us/object", each, AgentsBench::coordinator, conditions);
            print("processor.database", "us/object", each, AgentsBench::database, conditions);
            print("processor.clients", "us/object", each, AgentsBench::clients, conditions);
            print("grant_p50", "ms", each, Crowd.Done::p50, conditions);
            print("grant_p99", "ms", each, Crowd.Done::p99, conditions);
            print("failed_calls", "calls", each, Crowd.Done::failed, conditions);
        }
        List<String> of = List.of("agents=" + many);
        new Figure(
                        "agents.throughput_to_few",
                        "ratio",
                        Figure.ratios(
                                values(all, Crowd.Done::objectsPerSecond), values(few, Crowd.Done::objectsPerSecond)),
                        of)
                .print();
        new Figure(
                        "agents.capacity_to_few",
                        "ratio",
                        Figure.ratios(values(all, AgentsBench::capacity), values(few, AgentsBench::capacity)),
                        of)
                .print();
    }

    private static void atTheirPace(Workplace workplace, Host host, Supply supply, Crowd crowd, int many)
            throws InterruptedException {
        long millis = workplace.amount(6_000, 15_000);
        List<Crowd.Done> calm = new ArrayList<>();
        List<Crowd.Done> cut = new ArrayList<>();
        for (int run = 0; run < workplace.amount(1, 2); run++) {
            supply.list(workplace.amount(2_000, 4_000));
            calm.add(
                    taken("calm", host, crowd, new Crowd.Plan(many, 1, PAUSE_MILLIS / 4, millis, PAUSE_MILLIS, false)));
            cut.add(taken(
                    "cut", host, crowd, new Crowd.Plan(many, 1, PAUSE_MILLIS / 4, millis / 2, PAUSE_MILLIS, true)));
        }
        List<String> conditions = List.of("agents=" + many, "pause=10 s");
        print("paced_grant_p50", "ms", calm, Crowd.Done::p50, conditions);
        print("paced_grant_p99", "ms", calm, Crowd.Done::p99, conditions);
        print("reconnected_grant_p50", "ms", cut, Crowd.Done::p50, conditions);
        print("reconnected_grant_p99", "ms", cut, Crowd.Done::p99, conditions);
        print("reconnected_grant_most", "ms", cut, Crowd.Done::most, conditions);
    }

    private static Crowd.Done taken(String what, Host host, Crowd crowd, Crowd.Plan plan) throws InterruptedException {
        Crowd.Done done = crowd.run(plan, host::processors);
        System.err.printf(
                Locale.ROOT,
                "bench: agents, %s: %.0f objects/s, %d grants, p50 %.0f p99 %.0f most %.0f ms; processors:"
                        + " coordinator %.1f, database %.1f, clients %.1f s; failed %s; empty %s%n",
                what,
                done.objectsPerSecond(),
                done.leases(),
                done.p50(),
                done.p99(),
                done.most(),
                done.used().coordinator(),
                done.used().database(),
                done.used().clients(),
                done.failures(),
                done.empty());
        return done;
    }

    private static List<Double> values(List<Crowd.Done> runs, ToDoubleFunction<Crowd.Done> value) {
        return runs.stream().mapToDouble(value).boxed().toList();
    }

    private static void print(
            String name,
            String unit,
            List<Crowd.Done> runs,
            ToDoubleFunction<Crowd.Done> value,
            List<String> conditions) {
        new Figure("agents." + name, unit, values(runs, value), conditions).print();
    }
}
