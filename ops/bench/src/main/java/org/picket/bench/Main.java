package org.picket.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.picket.bench.agents.AgentsBench;
import org.picket.bench.bundle.BundleBench;
import org.picket.bench.decode.DecodeBench;
import org.picket.bench.inference.InferBench;
import org.picket.bench.lease.LeaseBench;
import org.picket.bench.match.MatchBench;
import org.picket.bench.memory.MemoryBench;
import org.picket.bench.pipeline.PipelineBench;
import org.picket.bench.replay.ReplayBench;
import org.picket.bench.stream.StreamBench;

/// Runs the benches named, or all of them.
public final class Main {
    private static final int USAGE = 2;

    private Main() {}

    private static Map<String, Bench> benches() {
        Map<String, Bench> benches = new LinkedHashMap<>();
        benches.put("lease", new LeaseBench());
        benches.put("agents", new AgentsBench());
        benches.put("stream", new StreamBench());
        benches.put("decode", new DecodeBench());
        benches.put("infer", new InferBench());
        benches.put("pipeline", new PipelineBench());
        benches.put("memory", new MemoryBench());
        benches.put("replay", new ReplayBench());
        benches.put("bundle", new BundleBench());
        benches.put("match", new MatchBench());
        return benches;
    }

    /// `[--short] [NAME …]`
    public static void main(String[] arguments) {
        Map<String, Bench> benches = benches();
        List<String> names = new ArrayList<>(List.of(arguments));
        boolean brief = names.remove("--short");
        if (!benches.keySet().containsAll(names)) {
            System.err.println("usage: ops/bench/run [--short] [" + String.join("|", benches.keySet()) + "] …");
            System.exit(USAGE);
        }
        Path home = Path.of(System.getProperty("picket.home", ".")).toAbsolutePath();
        int status = 0;
        for (Map.Entry<String, Bench> bench : benches.entrySet()) {
            if (names.isEmpty() || names.contains(bench.getKey())) {
                status |= run(bench.getKey(), bench.getValue(), brief, home);
            }
        }
        System.exit(status);
    }

    private static int run(String name, Bench bench, boolean brief, Path home) {
        long begin = System.nanoTime();
        System.err.println("bench: " + name);
        try (Workplace workplace = Workplace.open(brief, home)) {
            bench.run(workplace);
            System.err.printf("bench: %s took %.1f s%n", name, (System.nanoTime() - begin) / 1e9);
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } catch (Exception e) {
            System.err.println("bench: " + name + " failed");
            e.printStackTrace();
            return 1;
        }
    }
}
