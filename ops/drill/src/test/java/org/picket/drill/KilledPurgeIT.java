package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The one command purges a bucket that keeps versions, and is killed amid that: once it has run to its end, no
/// version of what was found is left, and every other one is.
@Tag("long")
@Order(9)
class KilledPurgeIT {
    private static final int SAMPLES = 60;
    private static final int KILLS = 3;

    @TempDir
    private Path folder;

    @Test
    void purgesOfVersionsThatAreKilledComeToTheSameEnd() throws IOException {
        try (BucketServer server = BucketServer.versioned(folder)) {
            server.upload(Admin.samples(folder, SAMPLES, 6));
            List<String> all = server.versions();
            Admin admin = Admin.of(folder, "data").with(BucketServer.CREDENTIALS);
            int amid = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                int before = server.versions().size();
                boolean killed =
                        scan(admin, server).killWhen(() -> server.versions().size() < before);
                amid += killed && server.versions().size() < before ? 1 : 0;
            }
            assertTrue(amid > 0, "no kill fell amid the purges");
            PicketProcess.Ended last = scan(admin, server).end().expect(0);
            assertEquals(last.number("listed"), last.ruled());

            List<Admin.Row> findings = admin.findings();
            assertEquals(
                    Set.of("PURGED"), findings.stream().map(Admin.Row::state).collect(Collectors.toSet()));
            Set<String> found = findings.stream().map(Admin.Row::key).collect(Collectors.toSet());
            assertEquals(findings.size(), found.size());
            assertEquals(all.stream().filter(key -> !found.contains(key)).toList(), server.versions());
            assertEquals(server.versions(), server.keys("").stream().sorted().toList());
            admin.run("verify").expect(0);
        }
    }

    private static PicketProcess scan(Admin admin, BucketServer server) {
        return admin.start(
                "scan",
                "s3://" + BucketServer.BUCKET,
                "--s3-endpoint",
                server.endpoint(),
                "--mode",
                "delete",
                "--json");
    }
}
