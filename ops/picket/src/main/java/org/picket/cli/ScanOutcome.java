package org.picket.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.picket.proto.v1.CheckpointResponse;
import org.picket.proto.v1.ScanProgress;
import org.picket.runtime.terminal.Amounts;

/// What one scan came to.
///
/// @param storage its identity
/// @param epoch policy, bundle and preprocessing together, in hexadecimal
/// @param bundle name, version and digest
/// @param progress the last counts
/// @param took from the start of this run of the command
/// @param ledger size and root at the end
record ScanOutcome(
        String storage,
        ScanMode mode,
        String epoch,
        String bundle,
        ScanProgress progress,
        Duration took,
        CheckpointResponse ledger) {
    /// Whether nothing is left to do.
    boolean complete() {
        return left().isEmpty();
    }

    /// What is left, one line each.
    List<String> left() {
        List<String> left = new ArrayList<>();
        if (!progress.getListingFinished()) {
            left.add("the listing is not finished");
        }
        if (progress.getOpen() > 0) {
            left.add(Amounts.count(progress.getOpen()) + " objects are not ruled yet");
        }
        if (progress.getOrdersOpen() > 0) {
            left.add(Amounts.count(progress.getOrdersOpen()) + " removals are ordered and not carried out yet");
        }
        if (progress.getFailed() > 0) {
            left.add(Amounts.count(progress.getFailed()) + " removals failed; 'picket findings' says why");
        }
        if (progress.getRefused() > 0) {
            left.add(Amounts.count(progress.getRefused())
                    + " removals were refused, since the object had changed or the mode does not allow them; scan again,"
                    + " and see 'picket findings'");
        }
        if (progress.getHeld() > 0) {
            left.add(Amounts.count(progress.getHeld())
                    + " findings are held back for a person, by the fuse or for want of a second word; look at them by"
                    + " 'picket findings', which says why, then 'picket findings enforce'");
        }
        return left;
    }

    Json json() {
        return new Json()
                .put("storage", storage)
                .put("mode", mode.toString())
                .put("epoch", epoch)
                .put("bundle", bundle)
                .put("listed", progress.getListed())
                .put("known", progress.getKnown())
                .put("cleared", progress.getCleared())
                .put("flagged", progress.getFlagged())
                .put("inconclusive", progress.getInconclusive())
                .put("gone", progress.getGone())
                .put("open", progress.getOpen())
                .put("quarantined", progress.getQuarantined())
                .put("purged", progress.getPurged())
                .put("refused", progress.getRefused())
                .put("failed", progress.getFailed())
                .put("held", progress.getHeld())
                .put("views", progress.getViews())
                .put("bytes", progress.getBytes())
                .put("seconds", took.toMillis() / 1e3, 3)
                .put("complete", complete())
                .put("ledgerSize", ledger.getSize())
                .put("ledgerRoot", HexFormat.of().formatHex(ledger.getRoot().toByteArray()));
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(FindingRows.printable(storage))
                .append(", mode ")
                .append(mode)
                .append(", bundle ")
                .append(bundle);
        line(text, "listed", progress.getListed(), "");
        if (progress.getListed() == 0) {
            text.append(System.lineSeparator())
                    .append("  Nothing was listed. Is the storage mounted, and is this the right folder?");
        }
        line(text, "known", progress.getKnown(), progress.getKnown() > 0 ? "ruled before" : "");
        line(text, "cleared", progress.getCleared(), "");
        line(text, "flagged", progress.getFlagged(), progress.getFlagged() > 0 ? "see 'picket findings'" : "");
        line(
                text,
                "inconclusive",
                progress.getInconclusive(),
                progress.getInconclusive() > 0 ? "not removed, not clean; see 'picket findings --inconclusive'" : "");
        line(text, "gone", progress.getGone(), "");
        if (progress.getQuarantined() > 0) {
            line(text, "quarantined", progress.getQuarantined(), "'picket release ID' brings one back");
        }
        if (progress.getPurged() > 0) {
            line(text, "purged", progress.getPurged(), "");
        }
        if (progress.getRefused() > 0) {
            line(text, "refused", progress.getRefused(), "changed since the scan, or not allowed; nothing was touched");
        }
        text.append(String.format(
                Locale.ROOT,
                "%n  %s read in %s; ledger of %s entries",
                Amounts.bytes(progress.getBytes()),
                Amounts.span(took),
                Amounts.count(ledger.getSize())));
        left().forEach(line ->
                text.append(System.lineSeparator()).append("  left: ").append(line));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, long count, String remark) {
        text.append(String.format(
                Locale.ROOT,
                "%n  %-13s %10s %s",
                what,
                Amounts.count(count),
                remark.isEmpty() ? "" : "  (" + remark + ")"));
    }
}
