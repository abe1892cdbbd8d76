package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A site that accepts agents of its own region alone, as processes on loopback.
@Tag("long")
class CirclesIT {
    @TempDir
    private Path folder;

    private Collective collective;

    @BeforeEach
    void begin() {
        collective = new Collective(folder);
    }

    @AfterEach
    void end() {
        collective.close();
    }

    @Test
    void agentOutsideTheCircleIsToldSoAndOneOfItDoesTheWork() throws InterruptedException {
        String samples = Admin.samples(folder, 40, 41).toString();
        collective.join("crawler", "crawler", "example.org", "--circle", "region:us");
        collective.join("agent", "alice", "alice");
        collective.join("agent", "bob", "bob", "--circle", "region:eu");
        PicketProcess.Ended members =
                collective.run("coordinator", "members", "--json").expect(0);
        assertTrue(members.out().contains("\"region\":\"eu\""), members.out());
        PicketProcess.Ended faulty = crawler(samples, "--circle", "bob").end().expect(2);
        assertTrue(faulty.err().contains("\"bob\" is not own, operator:NAME"), faulty.err());

        // What its invite said, until its own settings say otherwise.
        PicketProcess invited = crawler(samples);
        invited.awaitErrors(Pattern.compile("for this circle alone: region:us \\(as its invite said\\)"));
        invited.stop();
        PicketProcess crawler = crawler(samples, "--circle", "own,region:eu");
        crawler.awaitErrors(Pattern.compile("for this circle alone: own, region:eu\\R"));
        crawler.awaitErrors(Pattern.compile("listed \\d+ objects"));
        agent("alice").awaitErrors(Pattern.compile("OUTSIDE_CIRCLE"));
        assertFalse(crawler.endsWithin(2_000), "an agent outside the circle did the work");
        agent("bob");
        PicketProcess.Ended scan = crawler.end().expect(0);
        assertEquals(0, scan.number("open"));
        assertEquals(scan.number("listed"), scan.ruled());
    }

    private PicketProcess crawler(String samples, String... more) {
        return collective.start(
                "crawler",
                Stream.concat(
                                Stream.of(
                                        "crawler", "run", "--storage", samples, "--views", "relay", "--once", "--json"),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private PicketProcess agent(String name) {
        return collective.start(name, "agent", "run", "--provider", "cpu");
    }
}
