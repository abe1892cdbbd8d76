package org.picket.runtime.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.picket.runtime.channel.BoundedThreads;
import org.picket.runtime.lifecycle.LifeState;
import org.picket.runtime.lifecycle.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/metrics`, `/healthz` and `/readyz` over HTTP.
final class WatchEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(WatchEndpoint.class);
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int BAD_METHOD = 405;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final String SCRAPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<String> metrics;
    private final Supplier<Standing> standing;
    private final HttpServer server;
    private final ExecutorService threads = BoundedThreads.platform("watch", THREADS);

    private record Answer(int status, String type, String text) {}

    private WatchEndpoint(HttpServer server, Supplier<String> metrics, Supplier<Standing> standing) {
        this.server = server;
        this.metrics = metrics;
        this.standing = standing;
    }

    static WatchEndpoint start(InetSocketAddress address, Supplier<String> metrics, Supplier<Standing> standing)
            throws IOException {
        WatchEndpoint endpoint = new WatchEndpoint(HttpServer.create(address, BACKLOG), metrics, standing);
        endpoint.server.setExecutor(endpoint.threads);
        endpoint.server.createContext("/", endpoint::answer);
        endpoint.server.start();
        return endpoint;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answerTo(
                    exchange.getRequestMethod(), exchange.getRequestURI().getPath());
            byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
            if (!head) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            }
        }
    }

    private Answer answerTo(String method, String path) {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return new Answer(BAD_METHOD, PLAIN, "only GET\n");
        }
        try {
            return switch (path) {
                case "/metrics" -> new Answer(OK, SCRAPE, metrics.get());
                case "/healthz" -> new Answer(OK, PLAIN, text(standing.get()));
                case "/readyz" -> {
                    Standing now = standing.get();
                    yield new Answer(now.state() == LifeState.READY ? OK : UNAVAILABLE, PLAIN, text(now));
                }
                default -> new Answer(NOT_FOUND, PLAIN, "there are /metrics, /healthz and /readyz\n");
            };
        } catch (RuntimeException e) {
            LOG.warn("{} cannot be answered: {}", path, e.getClass().getSimpleName());
            return new Answer(FAILED, PLAIN, "the numbers cannot be read now\n");
        }
    }

    private static String text(Standing standing) {
        return standing.state() + " since " + standing.since() + "\nruns: " + String.join(", ", standing.parts())
                + "\n";
    }

    void end() {
        server.stop(0);
        threads.shutdownNow();
    }
}
