package org.picket.agent.inference;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// How to run a bundle.
///
/// @param wanted the provider asked for; empty takes the fastest that works here
/// @param maxBatch most views in one run
/// @param threads of one run on the CPU; 0 leaves it to the runtime (all cores)
/// @param gpuMemory bytes that it may take of the graphics card for what it computes with, where that can be bounded
/// (CUDA); empty: no bound
public record EngineSettings(Optional<Provider> wanted, int maxBatch, int threads, OptionalLong gpuMemory) {
    /// The least bound of a graphics card's memory.
    public static final long LEAST_GPU_MEMORY = 256_000_000;

    /// No batch may be larger.
    public static final int LARGEST_BATCH = 4_096;

    private static final int MOST_THREADS = 1_024;
    private static final int DEFAULT_BATCH = 64;

    /// A CPU gains nothing from more, and its caches lose.
    private static final int CPU_BATCH = 16;

    /// Without a bound of the graphics card's memory.
    public EngineSettings(Optional<Provider> wanted, int maxBatch, int threads) {
        this(wanted, maxBatch, threads, OptionalLong.empty());
    }

    public EngineSettings {
        if (maxBatch < 1 || maxBatch > LARGEST_BATCH) {
            throw new IllegalArgumentException("The largest batch must be 1 to " + LARGEST_BATCH + ", not " + maxBatch);
        }
        if (threads < 0 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "Inference threads must be 0 (all cores) to " + MOST_THREADS + ", not " + threads);
        }
    }

    /// So much memory of the graphics card for several engines together.
    public EngineSettings sharedBy(int engines) {
        return new EngineSettings(
                wanted,
                maxBatch,
                threads,
                gpuMemory.isPresent() ? OptionalLong.of(gpuMemory.getAsLong() / engines) : gpuMemory);
    }

    /// What ONNX Runtime's CUDA is told, in its own words. TF32 is off: it moves scores by 1e-3, which is more
    /// than quorum allows. The bound is one of the arena: what the driver and its libraries take for themselves,
    /// some hundred megabytes, is not among it.
    Map<String, String> cuda() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("use_tf32", "0");
        if (gpuMemory.isPresent()) {
            words.put("gpu_mem_limit", Long.toString(gpuMemory.getAsLong()));
            // Else the arena doubles itself, up to the limit, whatever is needed.
            words.put("arena_extend_strategy", "kSameAsRequested");
        }
        return words;
    }

    /// The fastest provider, batches of 64, all cores.
    public static EngineSettings automatic() {
        return new EngineSettings(Optional.empty(), DEFAULT_BATCH, 0);
    }

    /// The CPU with so many threads, batches of 16.
    public static EngineSettings cpu(int threads) {
        return new EngineSettings(Optional.of(Provider.CPU), CPU_BATCH, threads);
    }
}
