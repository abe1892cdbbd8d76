package org.picket.crawler.removal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.picket.crawler.source.S3Connection;
import org.picket.crawler.source.S3Options;
import org.picket.crawler.source.S3Server;
import org.picket.crawler.source.SourceLocation;
import org.picket.proto.seal.Digest;

/// One key of a bucket that kept versions and does so no more, as the API's documents have it; s3mock forgets the
/// versions of such a bucket. What comes now has the version id "null", and takes the place of what had it.
final class SuspendedServer implements AutoCloseable {
    static final String KEY = "ab/picture.jpg";

    private static final Pattern VERSION = Pattern.compile("(?:^|&)versionId=([^&]+)");

    /// A version, or a marker.
    ///
    /// @param content empty: a marker
    private record Entry(String id, Optional<String> content, Instant modified) {
        String tag() {
            return '"'
                    + Digest.of(content.orElse("").getBytes(StandardCharsets.UTF_8))
                            .hex()
                    + '"';
        }
    }

    private final HttpServer server;
    /// Newest first.
    private final List<Entry> entries = new ArrayList<>();
    private Runnable beforeDeletion = () -> {};
    private Instant now = FolderFixture.NOW;

    SuspendedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    S3Connection connect() {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return S3Server.connect(new SourceLocation.Bucket("bucket", "", S3Options.at(address)));
    }

    /// An upload from when versions were kept.
    synchronized SuspendedServer kept(String id, String content) {
        entries.addFirst(new Entry(id, Optional.of(content), now));
        return this;
    }

    /// A deletion from when versions were kept.
    synchronized SuspendedServer keptMarker(String id) {
        entries.addFirst(new Entry(id, Optional.empty(), now));
        return this;
    }

    /// A deletion of now.
    synchronized SuspendedServer delete() {
        return replace(Optional.empty());
    }

    /// Sets its clock.
    synchronized SuspendedServer at(Instant instant) {
        now = instant;
        return this;
    }

    /// An upload of now.
    synchronized SuspendedServer put(String content) {
        return replace(Optional.of(content));
    }

    private SuspendedServer replace(Optional<String> content) {
        entries.removeIf(entry -> entry.id().equals("null"));
        entries.addFirst(new Entry("null", content, now));
        return this;
    }

    /// What happens just before the next deletion.
    synchronized void beforeDeletion(Runnable event) {
        beforeDeletion = event;
    }

    /// What a client is served.
    synchronized Optional<String> served() {
        return entries.stream().findFirst().flatMap(Entry::content);
    }

    /// All contents, newest first, a marker as `-`.
    synchronized List<String> all() {
        return entries.stream().map(entry -> entry.content().orElse("-")).toList();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query =
                    Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
            Matcher version = VERSION.matcher(query);
            Optional<String> id = version.find() ? Optional.of(version.group(1)) : Optional.empty();
            if (query.startsWith("versioning")) {
                xml(exchange, "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>");
            } else if (query.contains("versions")) {
                xml(exchange, listing());
            } else if (exchange.getRequestMethod().equals("DELETE")) {
                Runnable event = beforeDeletion;
                beforeDeletion = () -> {};
                event.run();
                delete(exchange, id);
            } else {
                give(exchange, id);
            }
        }
    }

    private void delete(HttpExchange exchange, Optional<String> id) throws IOException {
        if (id.isPresent()) {
            entries.removeIf(entry -> entry.id().equals(id.get()));
        } else {
            replace(Optional.empty());
            exchange.getResponseHeaders().add("x-amz-delete-marker", "true");
        }
        exchange.getResponseHeaders().add("x-amz-version-id", id.orElse("null"));
        exchange.sendResponseHeaders(204, -1);
    }

    private void give(HttpExchange exchange, Optional<String> id) throws IOException {
        Optional<Entry> found = entries.stream()
                .filter(entry -> id.isEmpty() || entry.id().equals(id.get()))
                .findFirst();
        if (found.flatMap(Entry::content).isEmpty()) {
            exchange.sendResponseHeaders(found.isPresent() && id.isPresent() ? 405 : 404, -1);
            return;
        }
        byte[] content = found.get().content().orElseThrow().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("ETag", found.get().tag());
        exchange.getResponseHeaders().add("x-amz-version-id", found.get().id());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private String listing() {
        StringBuilder xml = new StringBuilder("<ListVersionsResult><IsTruncated>false</IsTruncated>");
        for (Entry entry : entries) {
            String kind = entry.content().isPresent() ? "Version" : "DeleteMarker";
            xml.append(
                    "<%s><Key>%s</Key><VersionId>%s</VersionId><IsLatest>%s</IsLatest><LastModified>%s</LastModified>"
                            .formatted(kind, KEY, entry.id(), entry.equals(entries.getFirst()), entry.modified()));
            entry.content()
                    .ifPresent(content -> xml.append("<ETag>%s</ETag><Size>%d</Size>"
                            .formatted(entry.tag().replace("\"", "&quot;"), content.length())));
            xml.append("</%s>".formatted(kind));
        }
        return xml.append("</ListVersionsResult>").toString();
    }

    private static void xml(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
