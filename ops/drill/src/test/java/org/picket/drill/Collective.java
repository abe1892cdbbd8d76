package org.picket.drill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One coordinator with a database of its own and the members that it invites: processes on loopback, each with
/// its own data folder.
final class Collective implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("listens at (127\\.0\\.0\\.1:\\d+)");
    private static final String COORDINATOR = "coordinator";

    private final Path folder;
    private final Map<String, String> environment;
    private final List<PicketProcess> processes = new ArrayList<>();
    private final PicketProcess coordinator;

    /// Starts a coordinator, and waits until members can come.
    Collective(Path folder) {
        this(folder, Map.of());
    }

    /// As the other one, with variables for all of its processes.
    Collective(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
        this.coordinator = start(COORDINATOR, COORDINATOR, "--listen", "127.0.0.1:0");
        coordinator.awaitOutput(LISTENS);
    }

    /// Ends all that were started, also after a failure.
    @Override
    public void close() {
        processes.reversed().forEach(PicketProcess::stop);
        PicketProcess.awaitNoOrphan(folder.resolve(COORDINATOR));
    }

    /// Invites somebody, who joins.
    ///
    /// @param data name of the member's data folder
    /// @param more of the invite
    void join(String role, String data, String owner, String... more) {
        String[] invite = Stream.concat(Stream.of("invite", role, "--for", owner), Stream.of(more))
                .toArray(String[]::new);
        String code = run(COORDINATOR, invite).expect(0).lastLine();
        run(data, role, "join", code).expect(0);
    }

    /// Ends the coordinator in good order, and checks the whole ledger.
    void verify() {
        coordinator.interrupt();
        coordinator.end().expect(0);
        run(COORDINATOR, "verify").expect(0);
    }

    /// Begins a command.
    ///
    /// @param data name of the data folder
    PicketProcess start(String data, String... arguments) {
        PicketProcess process = Admin.of(folder, data).with(environment).start(arguments);
        processes.add(process);
        return process;
    }

    /// What all of its processes have said to people so far.
    String errors() {
        return processes.stream().map(PicketProcess::errors).collect(Collectors.joining());
    }

    /// Runs a command to its end.
    ///
    /// @param data name of the data folder
    PicketProcess.Ended run(String data, String... arguments) {
        return start(data, arguments).end();
    }
}
