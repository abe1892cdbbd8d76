package org.picket.model.build;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// The model card of a bundle that was built.
final class Card {
    private Card() {}

    static String text(Label label, Composed composed, Sources sources, BundleFile.Account account, Trial trial) {
        StringBuilder card = new StringBuilder();
        card.append("# ")
                .append(label.name())
                .append(' ')
                .append(label.version())
                .append("\n\n");
        card.append("**").append(account.notice(label.name())).append("**\n\n");
        label.note().ifPresent(note -> card.append(note).append("\n\n"));
        card.append("## What it scores\n\n");
        account.lines().forEach(line -> card.append(line).append('\n'));
        card.append("\nViews of ").append(composed.viewSize()).append(" x ").append(composed.viewSize());
        card.append(" pixels. ").append(composed.concepts().size()).append(" scores: ");
        card.append(String.join(", ", composed.concepts())).append(".\n\n");
        card.append("## Arithmetic\n\n");
        card.append(String.format(
                Locale.ROOT,
                "%s, operator set %d. On %d golden views, one by one on a CPU, the graph differs by at most %.2g from"
                        + " its parts run by themselves. A view scored among others differs by at most %.2g from the"
                        + " same view alone. An engine may differ by %.2g; scores of golden views lie up to %.2g apart.%n",
                Trial.word(composed.precision()),
                composed.graph().opset(),
                composed.golden().size(),
                trial.composition(),
                trial.neighbours(),
                trial.tolerance(),
                trial.spread()));
        List<String> remarks = new ArrayList<>(account.remarks());
        if (!trial.telling()) {
            remarks.add("All golden views score nearly alike, so an engine that computes wrongly may pass them: try the"
                    + " bundle on pictures of yours (picket evaluate) on each kind of machine.");
        }
        if (!remarks.isEmpty()) {
            card.append("\n## To heed\n\n");
            remarks.forEach(remark -> card.append("- ").append(remark).append('\n'));
        }
        card.append("\n## Made from\n\n| file | SHA-256 |\n|---|---|\n");
        sources.digests()
                .forEach((name, digest) -> card.append("| ")
                        .append(name)
                        .append(" | ")
                        .append(HexFormat.of().formatHex(digest))
                        .append(" |\n"));
        return card.toString();
    }
}
