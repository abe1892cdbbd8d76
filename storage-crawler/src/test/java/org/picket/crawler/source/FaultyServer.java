package org.picket.crawler.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// An HTTP server that answers object requests as a test says, fault by fault, and then with the object.
final class FaultyServer implements AutoCloseable {

    static final String CONTENT = "0123456789";
    static final String TAG = "abc";
    static final int CALLS_PER_SECOND = 10_000;

    /// What one request is answered with.
    @FunctionalInterface
    interface Answer {
        void give(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Queue<Answer> answers = new ArrayDeque<>();
    private int requests;

    FaultyServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Answer answer;
        synchronized (answers) {
            requests++;
            answer = answers.isEmpty() ? FaultyServer::object : answers.remove();
        }
        try (exchange) {
            answer.give(exchange);
        }
    }

    /// Adds the answer to the next request that has none yet.
    FaultyServer next(Answer answer) {
        synchronized (answers) {
            answers.add(answer);
        }
        return this;
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

    static Answer status(int status) {
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
        StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>true</IsTruncated>");
        for (String key : keys) {
            xml.append("<Contents><Key>")
                    .append(key)
                    .append(
                            "</Key><ETag>t</ETag><Size>1</Size><LastModified>2026-11-21T06:00:00Z</LastModified></Contents>");
        }
        byte[] body = xml.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8);
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
                Duration.ofMillis(300),
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
        return new S3Bucket(S3Connection.connect(
                new SourceLocation.Bucket("bucket", "", S3Options.at(address())),
                settings(attempts, breakerWindow, callsPerSecond),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "localsecret")),
                false));
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
