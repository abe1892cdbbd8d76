package org.picket.crawler.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// An HTTP server that answers object requests as a test says, fault by fault, and then with the object, or with what
/// another server says.
public final class FaultyServer implements AutoCloseable {

    static final String CONTENT = "0123456789";
    static final String TAG = "abc";
    static final int CALLS_PER_SECOND = 10_000;

    private static final Pattern VERSION = Pattern.compile("[?&]versionId=([^&]+)");

    /// Headers that are not for the next server, or the next client.
    private static final Set<String> OF_ONE_CONNECTION =
            Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

    /// What one request is answered with.
    @FunctionalInterface
    public interface Answer {
        void give(HttpExchange exchange) throws IOException;
    }

    /// What happens in the middle of a request. Where it fails, the connection is cut without an answer.
    @FunctionalInterface
    public interface Event {
        void happen() throws IOException;
    }

    /// @param part of the address that is asked for
    private record Due(String method, String part, Answer answer) {

        boolean answers(HttpExchange exchange) {
            return (method.isEmpty() || method.equals(exchange.getRequestMethod()))
                    && exchange.getRequestURI().toString().contains(part);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Queue<Due> answers = new ArrayDeque<>();
    private final Answer otherwise;
    private int requests;

    FaultyServer() throws IOException {
        this(FaultyServer::object);
    }

    private FaultyServer(Answer otherwise) throws IOException {
        this.otherwise = otherwise;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /// One that hands requests on to the server of a bucket, save those that a test answers.
    public static FaultyServer before(S3Connection site) throws IOException {
        return new FaultyServer(passedOn(site, () -> {}, () -> {}));
    }

    /// Connects to the same bucket through this server.
    public S3Connection connect(S3Connection site) {
        return S3Server.connect(new SourceLocation.Bucket(
                site.location().name(), site.location().prefix(), S3Options.at(address())));
    }

    private void handle(HttpExchange exchange) throws IOException {
        Answer answer;
        synchronized (answers) {
            requests++;
            Optional<Due> due =
                    answers.stream().filter(one -> one.answers(exchange)).findFirst();
            due.ifPresent(answers::remove);
            answer = due.map(Due::answer).orElse(otherwise);
        }
        try (exchange) {
            answer.give(exchange);
        }
    }

    /// Adds the answer to the next request that has none yet.
    FaultyServer next(Answer answer) {
        return next("", "", answer);
    }

    /// The same, for a request of a method whose address holds `part`.
    public FaultyServer next(String method, String part, Answer answer) {
        synchronized (answers) {
            answers.add(new Due(method, part, answer));
        }
        return this;
    }

    /// Hands a request on to the server of a bucket, with something that happens before and after.
    public static Answer passedOn(S3Connection site, Event before, Event after) {
        return exchange -> {
            if (isOfDeletedVersion(site, exchange)) {
                status(404).give(exchange);
                return;
            }
            before.happen();
            HttpResponse<byte[]> said = ask(site, exchange);
            after.happen();
            said.headers().map().forEach((name, values) -> {
                if (!OF_ONE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
            });
            if (exchange.getRequestMethod().equals("HEAD")) {
                said.headers()
                        .firstValue("Content-Length")
                        .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
            }
            boolean empty = said.body().length == 0;
            exchange.sendResponseHeaders(said.statusCode(), empty ? -1 : said.body().length);
            if (!empty) {
                exchange.getResponseBody().write(said.body());
            }
        };
    }

    /// s3mock goes on answering for a version that it has deleted, as long as there are others.
    private static boolean isOfDeletedVersion(S3Connection site, HttpExchange exchange) {
        Matcher version = VERSION.matcher(exchange.getRequestURI().toString());
        return version.find()
                && !exchange.getRequestMethod().equals("DELETE")
                && site
                        .call(() -> site.client()
                                .listObjectVersions(
                                        ask -> ask.bucket(site.location().name())))
                        .versions()
                        .stream()
                        .noneMatch(one -> one.versionId().equals(version.group(1)));
    }

    /// Has the server of a bucket do what is asked, and keeps its answer back.
    public static void carryOut(S3Connection site, HttpExchange exchange) throws IOException {
        ask(site, exchange);
    }

    private static HttpResponse<byte[]> ask(S3Connection site, HttpExchange exchange) throws IOException {
        URI to = URI.create(site.location().options().endpoint().orElseThrow().toString() + exchange.getRequestURI());
        HttpRequest.Builder asked = HttpRequest.newBuilder(to)
                .method(
                        exchange.getRequestMethod(),
                        HttpRequest.BodyPublishers.ofByteArray(
                                exchange.getRequestBody().readAllBytes()));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_ONE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> asked.header(name, value));
            }
        });
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(asked.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    int requests() {
        synchronized (answers) {
            return requests;
        }
    }

    static void object(HttpExchange exchange) throws IOException {
        body(exchange, CONTENT, CONTENT.length());
    }

    private static void body(HttpExchange exchange, String content, long announced) throws IOException {
        exchange.getResponseHeaders().add("ETag", '"' + TAG + '"');
        exchange.getResponseHeaders().add("Last-Modified", "Sat, 21 Nov 2026 06:00:00 GMT");
        exchange.sendResponseHeaders(200, announced);
        exchange.getResponseBody().write(content.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    public static Answer status(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    static Answer throttled(int seconds) {
        return exchange -> {
            exchange.getResponseHeaders().add("Retry-After", Integer.toString(seconds));
            exchange.sendResponseHeaders(429, -1);
        };
    }

    /// Announces all and sends half.
    static void truncated(HttpExchange exchange) throws IOException {
        body(exchange, CONTENT.substring(5), CONTENT.length());
    }

    /// Announces, and sends, less than the listing said.
    static void shorter(HttpExchange exchange) throws IOException {
        body(exchange, CONTENT.substring(5), 5);
    }

    static void anotherTag(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("ETag", "\"other\"");
        exchange.getResponseHeaders().add("Last-Modified", "Sat, 21 Nov 2026 06:00:00 GMT");
        exchange.sendResponseHeaders(200, CONTENT.length());
        exchange.getResponseBody().write(CONTENT.getBytes(StandardCharsets.UTF_8));
    }

    /// A page of a listing that is not the last.
    static Answer page(String... keys) {
        return listing("<IsTruncated>true</IsTruncated>", keys);
    }

    static Answer lastPage(String... keys) {
        return listing("<IsTruncated>false</IsTruncated>", keys);
    }

    /// A page that is not the last, without a key, and says how to go on.
    static Answer pageOfNone(String token) {
        return listing("<IsTruncated>true</IsTruncated><NextContinuationToken>" + token + "</NextContinuationToken>");
    }

    private static Answer listing(String head, String... keys) {
        StringBuilder xml = new StringBuilder("<ListBucketResult>").append(head);
        for (String key : keys) {
            xml.append("<Contents><Key>")
                    .append(key)
                    .append(
                            "</Key><ETag>t</ETag><Size>1</Size><LastModified>2026-11-21T06:00:00Z</LastModified></Contents>");
        }
        return xml(xml.append("</ListBucketResult>").toString());
    }

    static Answer xml(String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        };
    }

    /// Never answers while the test runs.
    Answer silent() {
        return exchange -> await();
    }

    private void await() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Those of somebody who waits little.
    static S3Settings settings(int attempts, int breakerWindow, int callsPerSecond) {
        return new S3Settings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                attempts,
                Duration.ofMillis(1),
                Duration.ofMillis(50),
                callsPerSecond,
                breakerWindow,
                Duration.ofMillis(20));
    }

    /// A source on this server that waits little.
    S3Bucket bucket(int attempts, int breakerWindow) {
        return bucket(attempts, breakerWindow, CALLS_PER_SECOND);
    }

    S3Bucket bucket(int attempts, int breakerWindow, int callsPerSecond) {
        return bucket("", settings(attempts, breakerWindow, callsPerSecond), false);
    }

    /// A source below `below/` that keeps versions.
    S3Bucket bucketWithVersions() {
        next(xml("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"));
        return bucket("below/", settings(1, CALLS_PER_SECOND, CALLS_PER_SECOND), true);
    }

    private S3Bucket bucket(String prefix, S3Settings settings, boolean probe) {
        return new S3Bucket(S3Connection.connect(
                new SourceLocation.Bucket("bucket", prefix, S3Options.at(address())),
                settings,
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "localsecret")),
                probe));
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
