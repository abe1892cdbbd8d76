package org.picket.cli;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.picket.proto.v1.Finding;
import org.picket.proto.v1.ScoreBasis;
import org.picket.runtime.terminal.Amounts;
import org.picket.runtime.terminal.Screen;

/// Findings as rows: for people, for programs (JSON) and for spreadsheets (CSV, RFC 4180).
final class FindingRows {
    static final String CSV_HEADER = "id,storage,key,bytes,modified,sha256,category,rule,scores,basis,state,detail";

    private FindingRows() {}

    static Json json(Finding finding) {
        return new Json()
                .put("id", finding.getId())
                .put("storage", finding.getStorageIdentity())
                .put("key", finding.getKey())
                .put("bytes", finding.getBytes())
                .put("modified", modified(finding))
                .put("sha256", hash(finding))
                .put("category", finding.getCategory())
                .put("rule", finding.getRuleId())
                .put(
                        "scores",
                        finding.getScoresList().stream().map(FindingRows::score).toList())
                .put("basis", finding.getBasis())
                .put("state", finding.getState())
                .put("detail", detail(finding));
    }

    static String csv(Finding finding) {
        return List.of(
                        Long.toString(finding.getId()),
                        finding.getStorageIdentity(),
                        finding.getKey(),
                        Long.toString(finding.getBytes()),
                        modified(finding),
                        hash(finding),
                        finding.getCategory(),
                        finding.getRuleId(),
                        scores(finding),
                        finding.getBasis(),
                        finding.getState(),
                        detail(finding))
                .stream()
                .map(FindingRows::cell)
                .collect(Collectors.joining(","));
    }

    static String text(Finding finding) {
        String why =
                finding.getScoresList().isEmpty() ? finding.getBasis() : finding.getBasis() + ": " + scores(finding);
        String detail = detail(finding).isEmpty() ? "" : " (" + printable(detail(finding)) + ")";
        return String.format(
                Locale.ROOT,
                "%-6d %-18s %-22s %9s  %s%n       %s · modified %s · sha256 %s%n       %s",
                finding.getId(),
                printable(finding.getState()) + detail,
                printable(finding.getCategory()),
                Amounts.bytes(finding.getBytes()),
                printable(finding.getKey()),
                printable(finding.getStorageIdentity()),
                modified(finding),
                hash(finding).isEmpty() ? "unknown" : hash(finding),
                printable(why));
    }

    private static Json score(ScoreBasis basis) {
        return new Json()
                .put("concept", basis.getConcept())
                .put("score", basis.getScore(), 4)
                .put("threshold", basis.getThreshold(), 4)
                .put("must", basis.getAtLeast() ? "reach" : "stay below");
    }

    private static String scores(Finding finding) {
        return finding.getScoresList().stream()
                .map(basis -> String.format(
                        Locale.ROOT,
                        "%s %.4f %s %.4f",
                        basis.getConcept(),
                        basis.getScore(),
                        basis.getScore() >= basis.getThreshold() ? ">=" : "<",
                        basis.getThreshold()))
                .collect(Collectors.joining("; "));
    }

    private static String detail(Finding finding) {
        return Stream.of(
                        finding.getStateDetail(),
                        finding.getInconclusive().isEmpty()
                                ? ""
                                : "its object is INCONCLUSIVE now, " + finding.getInconclusive() + ": not removed")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String modified(Finding finding) {
        return Instant.ofEpochMilli(finding.getModifiedMillis()).toString();
    }

    private static String hash(Finding finding) {
        return HexFormat.of().formatHex(finding.getSha256().toByteArray());
    }

    /// A key is somebody's upload: what a terminal could take for a command is shown as a question mark.
    static String printable(String text) {
        return Screen.printable(text);
    }

    /// Quoted where it must be; what a spreadsheet would compute gets an apostrophe before it.
    private static String cell(String value) {
        String safe = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
        boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
