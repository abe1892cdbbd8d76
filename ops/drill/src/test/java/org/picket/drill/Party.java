package org.picket.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One party of a collective: a process that may be killed or held, and starts again as it was.
final class Party {
    private static final Pattern METRICS = Pattern.compile("metrics at (http://[^/]+)/metrics");

    private final String name;
    private final Supplier<PicketProcess> starts;
    private final Pattern ready;
    private final List<PicketProcess> lives = new ArrayList<>();
    private String heard = "";

    /// @param starts launches it
    /// @param ready what it puts out when it is
    Party(String name, Supplier<PicketProcess> starts, Pattern ready) {
        this.name = name;
        this.starts = starts;
        this.ready = ready;
    }

    String name() {
        return name;
    }

    /// Begins a life of it.
    void start() {
        lives.add(starts.get());
    }

    /// Waits until it says that it works.
    ///
    /// @return what it says
    String awaitReady() {
        heard = lives.getLast().awaitOutput(ready);
        return heard;
    }

    /// What it said when it was ready first.
    String heard() {
        return heard;
    }

    void kill() {
        lives.getLast().killAfter(0);
    }

    void signal(String signal) {
        lives.getLast().signal(signal);
    }

    PicketProcess process() {
        return lives.getLast();
    }

    /// What all its lives have told people.
    List<String> logs() {
        return lives.stream().map(PicketProcess::errors).toList();
    }

    /// A number that it tells, all labels together; 0 where it cannot say.
    double measured(HttpClient client, String metric) {
        Matcher at = METRICS.matcher(lives.getLast().errors());
        if (!at.find()) {
            return 0;
        }
        try {
            String scrape = client.send(
                            HttpRequest.newBuilder(URI.create(at.group(1) + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return Pattern.compile("(?m)^" + metric + "(?:\\{[^}]*})? (\\S+)$")
                    .matcher(scrape)
                    .results()
                    .mapToDouble(line -> Double.parseDouble(line.group(1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
