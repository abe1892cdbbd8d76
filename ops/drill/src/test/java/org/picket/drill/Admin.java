package org.picket.drill;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.picket.model.samples.SampleWriter;

/// An admin of one data folder, who gives whole commands and reads what they say.
///
/// @param folder for all that a test writes
/// @param data where Picket keeps its database and keys
/// @param environment variables of the commands
record Admin(Path folder, Path data, Map<String, String> environment) {
    /// @param data name of the data folder
    static Admin of(Path folder, String data) {
        return new Admin(folder, folder.resolve(data), Map.of());
    }

    Admin with(Map<String, String> variables) {
        return new Admin(folder, data, variables);
    }

    /// One row of `picket findings --csv`.
    record Row(List<String> cells) {
        String id() {
            return cells.getFirst();
        }

        String key() {
            return cells.get(2);
        }

        String sha256() {
            return cells.get(5);
        }

        String category() {
            return cells.get(6);
        }

        String rule() {
            return cells.get(7);
        }

        String state() {
            return cells.get(cells.size() - 2);
        }
    }

    /// Writes samples into a folder of the test's: those of `picket samples`, without a process for them.
    static Path samples(Path folder, int count, long seed) {
        Path samples = folder.resolve("samples");
        SampleWriter.write(samples, count, seed, (_, _) -> {});
        return samples;
    }

    /// Runs a command on the data folder to its end.
    PicketProcess.Ended run(String... arguments) {
        return start(arguments).end();
    }

    /// Begins a command on the data folder.
    PicketProcess start(String... arguments) {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()))
                .toArray(String[]::new);
        return PicketProcess.start(folder, environment, all);
    }

    List<Row> findings() {
        return rows(run("findings", "--csv").expect(0));
    }

    /// What `findings --csv` said.
    static List<Row> rows(PicketProcess.Ended findings) {
        return findings.out()
                .lines()
                .skip(1)
                .map(line -> new Row(List.of(line.split(",", -1))))
                .toList();
    }
}
