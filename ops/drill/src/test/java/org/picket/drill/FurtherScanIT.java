package org.picket.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.picket.model.InstantBundle;

/// Two bundles, as a user would scan with them: the stand-in looks at everything, and an instant bundle with views
/// of another size only at what the stand-in takes for a lighthouse. Its score is the red of a corner.
@Order(8)
class FurtherScanIT {
    private static final String POLICY = """
            id: "two"
            version: 1
            further { bundle: "instant" concept: "red" when { concept: "lighthouse" gte: 0.5 } }
            rule {
              id: "red-lighthouse" category: "test.red-lighthouse"
              all { concept: "lighthouse" gte: 0.5 } all { bundle: "instant" concept: "red" gte: %s }
            }
            """;
    private static final String LIGHTHOUSES = """
            id: "one"
            version: 1
            rule { id: "lighthouse" category: "test.lighthouse" all { concept: "lighthouse" gte: 0.5 } }
            """;

    @TempDir
    private Path folder;

    private PicketProcess.Ended picket(int status, String... arguments) {
        return PicketProcess.run(folder, arguments).expect(status);
    }

    private String policy(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "policy", ".textproto"), text)
                .toString();
    }

    private String[] scan(String data, String policy, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("scan", folder.resolve("samples").toString()));
        arguments.addAll(List.of("--data", folder.resolve(data).toString(), "--policy", policy, "--json"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    @Test
    void furtherBundleScoresWhatThePolicyAsksAboutAndRulingsFollowBoth() throws IOException {
        Admin.samples(folder, 120, 5);
        String further = Files.write(folder.resolve("instant.bundle"), InstantBundle.file(64, List.of("red")))
                .toString();
        String all = policy(POLICY.formatted("0.0"));

        PicketProcess.Ended refused = picket(2, scan("data", all));
        assertTrue(refused.err().contains("the further bundle \"instant\", which is not given"), refused.err());

        PicketProcess.Ended one = picket(0, scan("one", policy(LIGHTHOUSES)));
        PicketProcess killed = PicketProcess.start(folder, scan("data", all, "--further-bundle", further));
        killed.killAfter(6_000);
        PicketProcess.Ended two = picket(0, scan("data", all, "--further-bundle", further));
        long lighthouses = one.number("flagged");
        assertTrue(lighthouses > 10 && lighthouses < 100, lighthouses + " lighthouses");
        assertEquals(lighthouses, Admin.of(folder, "data").findings().size());
        assertEquals(0, two.number("open"));
        assertEquals(two.number("listed"), two.ruled());

        PicketProcess.Ended third = picket(0, scan("data", all, "--further-bundle", further));
        assertEquals(0, third.number("bytes"));
        String data = folder.resolve("data").toString();
        String explained = picket(0, "policy", "explain", "1", "--data", data).out();
        assertTrue(explained.contains("bundle  instant ") && explained.contains("instant: red 0."), explained);

        String half = policy(POLICY.formatted("0.125"));
        PicketProcess.Ended replayed = picket(0, "policy", "replay", half, "--data", data, "--json");
        long less = replayed.number("noLongerFlagged");
        assertTrue(less > 0 && less < lighthouses, less + " of " + lighthouses);
        PicketProcess.Ended fresh = picket(0, scan("half", half, "--further-bundle", further));
        assertEquals(lighthouses - less, fresh.number("flagged"));
        long views = fresh.number("views") - one.number("views");
        assertTrue(views >= lighthouses && views < one.number("views"), views + " views for the further bundle");
        picket(0, "verify", "--data", data);
    }
}
