package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract suffices: an agent in another language, written from it alone, is the only one of a collective.
@Order(7)
@Tag("long")
class OtherAgentIT {
    private static final Pattern LISTENS = Pattern.compile("listens at 127\\.0\\.0\\.1:\\d+");
    private static final Pattern WORKS = Pattern.compile("works for the coordinator");
    private static final Path STAND_IN =
            Path.of("..", "model", "src", "main", "resources", "org", "picket", "model", "stand-in.bundle");

    @TempDir
    private Path folder;

    private final List<PicketProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.reversed().forEach(PicketProcess::stop);
        PicketProcess.awaitNoOrphan(folder.resolve("coordinator"));
    }

    @Test
    void anAgentWrittenFromTheContractAloneFindsWhatOursFinds() {
        List<String> other = NodeProgram.command();
        String samples = Admin.samples(folder, 80, 23).toString();
        // Meanwhile, for comparison: one process that does it all, with our agent.
        PicketProcess ours = kept(of("solo").start("scan", samples, "--json"));
        PicketProcess coordinator = kept(of("coordinator").start("coordinator", "--listen", "127.0.0.1:0"));
        coordinator.awaitOutput(LISTENS);
        of("crawler").run("crawler", "join", code("crawler")).expect(0);
        of("admin").run("admin", "join", code("admin")).expect(0);
        String data = folder.resolve("other").toString();
        PicketProcess.runOther(folder, with(other, "join", code("agent"), "--data", data))
                .expect(0);

        PicketProcess crawler = kept(
                of("crawler").start("crawler", "run", "--storage", samples, "--views", "direct", "--once", "--json"));
        String bundle = STAND_IN.toAbsolutePath().toString();
        PicketProcess agent =
                kept(PicketProcess.startOther(folder, with(other, "run", "--data", data, "--bundle", bundle)));
        agent.awaitOutput(WORKS);

        PicketProcess.Ended scan = crawler.end().expect(0);
        assertEquals(ours.end().expect(0).number("listed"), scan.number("listed"));
        assertEquals(0, scan.number("open"));
        Set<Finding> found = findings("solo");
        assertFalse(found.isEmpty());
        assertEquals(found, findings("admin"));

        agent.interrupt();
        agent.end().expect(0);
        coordinator.interrupt();
        coordinator.end().expect(0);
        of("coordinator").run("verify").expect(0);
    }

    private record Finding(String key, String sha256, String category, String rule) {}

    private Set<Finding> findings(String member) {
        return of(member).findings().stream()
                .map(row -> new Finding(row.key(), row.sha256(), row.category(), row.rule()))
                .collect(Collectors.toSet());
    }

    private String code(String role) {
        return of("coordinator")
                .run("invite", role, "--for", "example.org")
                .expect(0)
                .lastLine();
    }

    private Admin of(String data) {
        return Admin.of(folder, data);
    }

    private static List<String> with(List<String> command, String... arguments) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(arguments));
        return words;
    }

    private PicketProcess kept(PicketProcess process) {
        processes.add(process);
        return process;
    }
}
