package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The one command on a bucket of a real S3 server, with credentials from the standard variables.
@Order(9)
class S3ScanIT {
    @TempDir
    private Path folder;

    private BucketServer server;
    private Admin admin;

    @BeforeEach
    void startServerWithSamples() throws IOException {
        server = BucketServer.plain(folder);
        admin = Admin.of(folder, "data").with(BucketServer.CREDENTIALS);
        server.upload(Admin.samples(folder, 30, 5));
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void bucketIsScannedQuarantinedReleasedAndVerified() {
        PicketProcess.Ended first = scan("quarantine").expect(0);
        long flagged = first.number("flagged");
        assertTrue(flagged > 0, "nothing to find");
        assertEquals(flagged, first.number("quarantined"));
        assertEquals(31, first.number("listed"));
        assertEquals(
                flagged,
                server.keys(".picket-quarantine/").stream()
                        .filter(key -> !key.endsWith(".sidecar"))
                        .count());

        PicketProcess.Ended released =
                admin.run("release", "1", "--s3-endpoint", server.endpoint()).expect(0);
        assertTrue(released.out().contains("1 carried out"), released.out());
        Admin.Row row = admin.findings().getFirst();
        assertEquals("RELEASED", row.state());
        assertTrue(server.keys("").contains(row.key()), "not back at its key");

        PicketProcess.Ended second = scan("quarantine").expect(0);
        assertEquals(0, second.number("flagged") - second.number("quarantined"));
        assertTrue(server.keys("").contains(row.key()), "allowed content was removed");
        admin.run("verify").expect(0);
    }

    @Test
    void secretIsNeverPrinted() {
        PicketProcess.Ended scan = Admin.of(folder, "other")
                .with(Map.of(
                        "AWS_ACCESS_KEY_ID",
                        "local",
                        "AWS_SECRET_ACCESS_KEY",
                        "wrongsecret",
                        "AWS_REGION",
                        "us-east-1"))
                .run("scan", "s3://" + BucketServer.BUCKET, "--s3-endpoint", server.endpoint());
        assertTrue(scan.status() != 0, "a wrong secret was no trouble");
        assertTrue(!(scan.out() + scan.err()).contains("wrongsecret"), scan.err());
    }

    private PicketProcess.Ended scan(String mode) {
        return admin.run(
                "scan", "s3://" + BucketServer.BUCKET, "--s3-endpoint", server.endpoint(), "--mode", mode, "--json");
    }
}
