package org.picket.bench.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.picket.bench.Workplace;
import org.picket.model.InstantBundle;

/// Options of a scan by bundle.
public final class Bundles {
    private static final String POLICY = """
            id: "bench"
            version: 1
            rule {
              id: "r1" category: "test.lighthouse"
              all { concept: "lighthouse" gte: 0.5 }
              action: QUARANTINE
            }
            """;

    private Bundles() {}

    /// For the instant bundle, which costs next to nothing, with a policy that flags nothing.
    public static List<String> instant(Workplace workplace) throws IOException {
        Path bundle = workplace.folder().resolve("instant.bundle");
        Path policy = workplace.folder().resolve("bench.textproto");
        Files.write(bundle, InstantBundle.file());
        Files.writeString(policy, POLICY);
        return List.of("--bundle", bundle.toString(), "--policy", policy.toString());
    }

    /// For the stand-in with its policy: what runs where nothing is said.
    public static List<String> standIn() {
        return List.of();
    }
}
