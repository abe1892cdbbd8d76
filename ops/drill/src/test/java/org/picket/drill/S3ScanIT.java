package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// The one command on a bucket of a real S3 server, with credentials from the standard variables.
@Order(9)
class S3ScanIT {
    private static final Path SERVER = Path.of("..", "..", "storage-crawler", "target", "s3-servers", "s3proxy.jar");
    private static final Pattern STARTED = Pattern.compile("Started .*ServerConnector@.*\\{127\\.0\\.0\\.1:(\\d+)}");
    private static final String BUCKET = "pictures";
    private static final Map<String, String> CREDENTIALS =
            Map.of("AWS_ACCESS_KEY_ID", "local", "AWS_SECRET_ACCESS_KEY", "localsecret", "AWS_REGION", "us-east-1");

    @TempDir
    private Path folder;

    private Process server;
    private String endpoint;
    private S3Client client;
    private Admin admin;

    @BeforeEach
    void startServerWithSamples() throws IOException {
        Path settings = Files.writeString(folder.resolve("s3proxy.properties"), """
                s3proxy.endpoint=http://127.0.0.1:0
                s3proxy.authorization=aws-v4
                s3proxy.identity=local
                s3proxy.credential=localsecret
                jclouds.provider=transient-nio2
                jclouds.identity=unused
                jclouds.credential=unused
                """);
        assertTrue(Files.exists(SERVER), SERVER + " is missing: the build of storage-crawler brings it");
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-jar",
                        SERVER.toString(),
                        "--properties",
                        settings.toString())
                .redirectErrorStream(true)
                .start();
        endpoint = "http://127.0.0.1:" + port();
        client = S3Client.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "localsecret")))
                .build();
        client.createBucket(request -> request.bucket(BUCKET));
        admin = Admin.of(folder, "data").with(CREDENTIALS);
        Path samples = Admin.samples(folder, 30, 5);
        try (Stream<Path> files = Files.walk(samples)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String key = samples.relativize(file).toString();
                client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromFile(file));
            }
        }
    }

    @AfterEach
    void stopServer() {
        client.close();
        server.destroyForcibly();
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
                keys(".picket-quarantine/").stream()
                        .filter(key -> !key.endsWith(".sidecar"))
                        .count());

        PicketProcess.Ended released =
                admin.run("release", "1", "--s3-endpoint", endpoint).expect(0);
        assertTrue(released.out().contains("1 carried out"), released.out());
        Admin.Row row = admin.findings().getFirst();
        assertEquals("RELEASED", row.state());
        assertTrue(keys("").contains(row.key()), "not back at its key");

        PicketProcess.Ended second = scan("quarantine").expect(0);
        assertEquals(0, second.number("flagged") - second.number("quarantined"));
        assertTrue(keys("").contains(row.key()), "allowed content was removed");
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
                .run("scan", "s3://" + BUCKET, "--s3-endpoint", endpoint);
        assertTrue(scan.status() != 0, "a wrong secret was no trouble");
        assertTrue(!(scan.out() + scan.err()).contains("wrongsecret"), scan.err());
    }

    private PicketProcess.Ended scan(String mode) {
        return admin.run("scan", "s3://" + BUCKET, "--s3-endpoint", endpoint, "--mode", mode, "--json");
    }

    private List<String> keys(String prefix) {
        return client.listObjectsV2(request -> request.bucket(BUCKET).prefix(prefix)).contents().stream()
                .map(object -> object.key())
                .toList();
    }

    private int port() throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher found = STARTED.matcher(line);
            if (found.find()) {
                Thread.ofPlatform().daemon().start(() -> lines.lines().forEach(rest -> {}));
                return Integer.parseInt(found.group(1));
            }
        }
        throw new IOException("the S3 server ended before it had started");
    }
}
