package org.picket.drill;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// One party of a collective: a process that may be killed or held, and starts again as it was.
final class Party {

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
        return lives.getLast()
                .scrape(client)
                .map(scrape -> Pattern.compile("(?m)^" + metric + "(?:\\{[^}]*})? (\\S+)$")
                        .matcher(scrape)
                        .results()
                        .mapToDouble(line -> Double.parseDouble(line.group(1)))
                        .sum())
                .orElse(0.0);
    }
}
