package org.picket.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.ListFindingsRequest;
import org.picket.runtime.terminal.Amounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lists what was found.
@Command(
        name = "findings",
        description = "lists flagged objects, with what the ruling rests on and what became of them",
        subcommands = EnforceCommand.class)
final class FindingsCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private CoordinatorsOption coordinators;

    @Option(names = "--json", description = "one JSON array")
    private boolean json;

    @Option(names = "--csv", description = "comma-separated values with a header")
    private boolean csv;

    @Option(names = "--inconclusive", description = "lists what could not be ruled on, with the reason")
    private boolean inconclusive;

    @Override
    public Integer call() {
        if (json && csv) {
            throw new UsageFault("--json and --csv exclude each other; choose one");
        }
        try (Administration administration = Administration.existing(common.configuration())) {
            PrintStream out = System.out;
            if (json) {
                List<String> rows = new ArrayList<>();
                out.print("[");
                each(administration, finding -> {
                    out.print((rows.isEmpty() ? "\n" : ",\n") + FindingRows.json(finding));
                    if (rows.isEmpty()) {
                        rows.add("");
                    }
                });
                out.println("\n]");
            } else if (csv) {
                out.println(FindingRows.CSV_HEADER);
                each(administration, finding -> out.println(FindingRows.csv(finding)));
            } else {
                long rows = each(administration, finding -> out.println(FindingRows.text(finding)));
                out.println(
                        rows == 0
                                ? inconclusive ? "No object is inconclusive." : "There are no findings."
                                : Amounts.count(rows) + (inconclusive ? " inconclusive" : " found"));
            }
        }
        return Exit.COMPLETE;
    }

    /// Pages through all rows; returns how many there were.
    private long each(Administration administration, Consumer<Finding> consumer) {
        long rows = 0;
        long after = 0;
        while (true) {
            ListFindingsRequest request = ListFindingsRequest.newBuilder()
                    .setInconclusive(inconclusive)
                    .setAfterId(after)
                    .build();
            List<Finding> page = administration
                    .ask(() -> administration.findings().list(request))
                    .getFindingsList();
            if (page.isEmpty()) {
                return rows;
            }
            if (page.getLast().getId() <= after) {
                throw new UsageFault("the coordinator gives the same findings again and again; ask those who run it");
            }
            page.forEach(consumer);
            rows += page.size();
            after = page.getLast().getId();
        }
    }
}
