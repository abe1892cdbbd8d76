package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// A real S3 server with one bucket, as a process on loopback.
final class BucketServer implements AutoCloseable {
    static final String BUCKET = "pictures";
    static final Map<String, String> CREDENTIALS =
            Map.of("AWS_ACCESS_KEY_ID", "local", "AWS_SECRET_ACCESS_KEY", "localsecret", "AWS_REGION", "us-east-1");

    private static final Path PROGRAMS = Path.of("..", "..", "storage-crawler", "target", "s3-servers");
    private static final Pattern STARTED = Pattern.compile(
            "Started .*ServerConnector@.*\\{127\\.0\\.0\\.1:(\\d+)}|Tomcat started on ports.* (\\d+) \\(http\\)");

    private final Process process;
    private final String endpoint;
    private final S3Client client;

    private BucketServer(Path program, List<String> arguments) throws IOException {
        assertTrue(Files.exists(program), program + " is missing: the build of storage-crawler brings it");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-jar",
                program.toString()));
        command.addAll(arguments);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        endpoint = "http://127.0.0.1:" + port(process);
        client = S3Client.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "localsecret")))
                .build();
        client.createBucket(request -> request.bucket(BUCKET));
    }

    /// One that keeps no versions, and checks signatures.
    static BucketServer plain(Path folder) throws IOException {
        Path settings = Files.writeString(folder.resolve("s3proxy.properties"), """
                s3proxy.endpoint=http://127.0.0.1:0
                s3proxy.authorization=aws-v4
                s3proxy.identity=local
                s3proxy.credential=localsecret
                jclouds.provider=transient-nio2
                jclouds.identity=unused
                jclouds.credential=unused
                """);
        return new BucketServer(PROGRAMS.resolve("s3proxy.jar"), List.of("--properties", settings.toString()));
    }

    /// One that keeps versions.
    static BucketServer versioned(Path folder) throws IOException {
        BucketServer server = new BucketServer(
                PROGRAMS.resolve("s3mock.jar"),
                List.of(
                        "--server.port=0",
                        "--com.adobe.testing.s3mock.httpPort=0",
                        "--com.adobe.testing.s3mock.store.root=" + Files.createDirectory(folder.resolve("bucket"))));
        server.client.putBucketVersioning(
                request -> request.bucket(BUCKET).versioningConfiguration(versions -> versions.status("Enabled")));
        return server;
    }

    private static int port(Process process) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher found = STARTED.matcher(line);
            if (found.find()) {
                Thread.ofPlatform().daemon().start(() -> lines.lines().forEach(rest -> {}));
                return Integer.parseInt(found.group(1) == null ? found.group(2) : found.group(1));
            }
        }
        throw new IOException("the S3 server ended before it had started");
    }

    String endpoint() {
        return endpoint;
    }

    /// Puts all files below a folder.
    void upload(Path samples) {
        try (Stream<Path> files = Files.walk(samples)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String key = samples.relativize(file).toString();
                client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromFile(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> keys(String prefix) {
        return client.listObjectsV2(request -> request.bucket(BUCKET).prefix(prefix)).contents().stream()
                .map(object -> object.key())
                .toList();
    }

    /// Keys of all versions with a content, hidden ones too, in order.
    List<String> versions() {
        return client.listObjectVersions(request -> request.bucket(BUCKET)).versions().stream()
                .map(version -> version.key())
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        client.close();
        process.destroyForcibly();
    }
}
