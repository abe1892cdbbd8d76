package org.picket.crawler.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.VersioningConfiguration;

/// A real S3 server in a process of its own, on a free port of this machine. The build puts the servers'
/// programs into `target/s3-servers`.
public final class S3Server {

    /// The servers and what they do.
    public enum Kind {
        /// s3proxy: checks signatures, keeps no versions, honours conditional deletes.
        HONOURS_CONDITIONS(
                "s3proxy.jar", Pattern.compile("Started .*ServerConnector@.*\\{127\\.0\\.0\\.1:(\\d+)}"), false),
        /// s3mock 4: answers 204 to a conditional delete, and deletes whatever is there.
        IGNORES_CONDITIONS(
                "s3mock-unconditional.jar", Pattern.compile("Tomcat started on ports.* (\\d+) \\(http\\)"), false),
        /// s3mock 5: keeps versions; where it keeps none, it honours conditional deletes.
        KEEPS_VERSIONS("s3mock.jar", Pattern.compile("Tomcat started on ports.* (\\d+) \\(http\\)"), true);

        private final String jar;
        private final Pattern started;
        private final boolean versioned;

        Kind(String jar, Pattern started, boolean versioned) {
            this.jar = jar;
            this.started = started;
            this.versioned = versioned;
        }

        public boolean versioned() {
            return versioned;
        }
    }

    private static final Duration START = Duration.ofMinutes(2);
    private static final S3Settings IMPATIENT = new S3Settings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(120),
            3,
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            10_000,
            50,
            Duration.ofSeconds(1));
    private static final AwsCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "localsecret"));

    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private static final Map<Kind, S3Server> SHARED = new ConcurrentHashMap<>();

    private final Kind kind;
    private final Process process;
    private final int port;

    private S3Server(Kind kind, Process process, int port) {
        this.kind = kind;
        this.process = process;
        this.port = port;
    }

    /// The server of a kind that all tests of this JVM share; each test makes buckets of its own. It ends with
    /// the JVM.
    public static S3Server shared(Kind kind) {
        return SHARED.computeIfAbsent(kind, wanted -> {
            try {
                Path directory = Files.createTempDirectory(Path.of("target"), "s3-server-");
                S3Server server = start(wanted, directory);
                Runtime.getRuntime().addShutdownHook(new Thread(server::close));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static S3Server start(Kind kind, Path directory) throws IOException {
        Path jar = Path.of("target", "s3-servers", kind.jar);
        if (!Files.exists(jar)) {
            throw new IllegalStateException(
                    jar.toAbsolutePath() + " is missing. Run mvn process-test-resources: it brings the S3 servers.");
        }
        Path properties = Files.writeString(directory.resolve(kind + ".properties"), """
                s3proxy.endpoint=http://127.0.0.1:0
                s3proxy.authorization=aws-v4
                s3proxy.identity=local
                s3proxy.credential=localsecret
                jclouds.provider=transient-nio2
                jclouds.identity=unused
                jclouds.credential=unused
                """);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + directory.toAbsolutePath(),
                "-jar",
                jar.toString()));
        command.addAll(
                kind == Kind.HONOURS_CONDITIONS
                        ? List.of("--properties", properties.toString())
                        : List.of("--server.port=0", "--com.adobe.testing.s3mock.httpPort=0"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<Integer> port = new CompletableFuture<>();
        // Reading a pipe holds on to its carrier for as long as the server lives: no thread for a virtual one.
        Thread.ofPlatform().daemon().start(() -> drain(process, kind.started, port));
        try {
            return new S3Server(kind, process, port.get(START.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException("the S3 server " + kind.jar + " did not start", e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// Reads all that the server prints: a full pipe would stop it.
    private static void drain(Process process, Pattern started, CompletableFuture<Integer> port) {
        StringBuilder log = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher found = started.matcher(line);
                if (found.find()) {
                    port.complete(Integer.valueOf(found.group(1)));
                }
                if (!port.isDone()) {
                    log.append(line).append('\n');
                }
            }
            port.completeExceptionally(new IllegalStateException("it ended:\n" + log));
        } catch (IOException e) {
            port.completeExceptionally(new UncheckedIOException(e));
        }
    }

    public Kind kind() {
        return kind;
    }

    /// Makes a bucket, whose name gets a number, and connects to it.
    public S3Connection bucket(String stem, String prefix) {
        return bucket(stem, prefix, kind.versioned);
    }

    /// The same, saying whether it is to keep versions.
    public S3Connection bucket(String stem, String prefix, boolean versioned) {
        String name = stem + '-' + BUCKETS.incrementAndGet();
        SourceLocation.Bucket location =
                new SourceLocation.Bucket(name, prefix, S3Options.at(URI.create("http://127.0.0.1:" + port)));
        try (S3Connection admin = S3Connection.connect(location, IMPATIENT, CREDENTIALS, false)) {
            admin.call(() -> admin.client().createBucket(ask -> ask.bucket(name)));
            if (versioned) {
                admin.call(() -> admin.client()
                        .putBucketVersioning(ask -> ask.bucket(name)
                                .versioningConfiguration(VersioningConfiguration.builder()
                                        .status("Enabled")
                                        .build())));
            }
        }
        return connect(location);
    }

    /// Connects once more, as a process started anew would.
    public static S3Connection connect(SourceLocation.Bucket location) {
        return S3Connection.open(location, IMPATIENT, CREDENTIALS);
    }

    /// Connects without asking the bucket whether it keeps versions.
    public static S3Connection unasked(SourceLocation.Bucket location) {
        return S3Connection.connect(location, IMPATIENT, CREDENTIALS, false);
    }

    /// Puts an object below the connection's root.
    public static void put(S3Connection connection, String key, String content) {
        put(connection, key, content, ObjectCannedACL.PRIVATE);
    }

    /// The same, saying who may read it.
    public static void put(S3Connection connection, String key, String content, ObjectCannedACL acl) {
        connection.call(() -> connection
                .client()
                .putObject(
                        ask -> ask.bucket(connection.location().name())
                                .key(connection.bucketKey(key))
                                .acl(acl),
                        RequestBody.fromString(content)));
    }

    /// Deletes what is at a key, as any other client would.
    public static void delete(S3Connection connection, String key) {
        connection.call(() -> connection
                .client()
                .deleteObject(ask -> ask.bucket(connection.location().name()).key(connection.bucketKey(key))));
    }

    /// What a client is served at a key.
    public static Optional<String> get(S3Connection connection, String key) {
        try {
            return Optional.of(connection.call(() -> connection
                    .client()
                    .getObjectAsBytes(
                            ask -> ask.bucket(connection.location().name()).key(connection.bucketKey(key)))
                    .asUtf8String()));
        } catch (software.amazon.awssdk.services.s3.model.S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
