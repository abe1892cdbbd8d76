package org.picket.cli;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.picket.proto.v1.ListKind;
import org.picket.proto.v1.ShowListsRequest;
import org.picket.proto.v1.ShowListsResponse;
import org.picket.proto.v1.ShownList;
import org.picket.runtime.terminal.Amounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Shows the lists, never what is on them.
@Command(name = "show", description = "shows the lists with their provenance and how much of them is in force")
final class ListsShow implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private CoordinatorsOption coordinators;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Override
    public Integer call() {
        try (Administration administration = Administration.existing(common.configuration())) {
            ShowListsResponse shown = administration.ask(
                    () -> ListsImport.patient(administration.hashLists()).show(ShowListsRequest.getDefaultInstance()));
            if (json) {
                System.out.println(new Json()
                        .put(
                                "digest",
                                HexFormat.of().formatHex(shown.getDigest().toByteArray()))
                        .put(
                                "lists",
                                shown.getListsList().stream()
                                        .map(ListsShow::json)
                                        .toList()));
            } else if (shown.getListsCount() == 0) {
                System.out.println("There are no lists. Import one by 'picket lists import'.");
            } else {
                shown.getListsList().forEach(list -> System.out.println(text(list)));
            }
        }
        return Exit.COMPLETE;
    }

    private static String kind(ShownList list) {
        return list.getTerms().getKind() == ListKind.ALLOW ? "allow" : "deny";
    }

    private static String until(long millis) {
        return millis == 0
                ? ""
                : millis == Long.MAX_VALUE
                        ? "for good"
                        : Instant.ofEpochMilli(millis).toString();
    }

    private static Json json(ShownList list) {
        return new Json()
                .put("id", list.getId())
                .put("kind", kind(list))
                .put("source", list.getTerms().getSource())
                .put("category", list.getTerms().getCategory())
                .put("trust", list.getTerms().getTrust())
                .put("maxDistance", list.getTerms().getMaxDistance())
                .put("minQuality", list.getTerms().getMinQuality())
                .put("sha256", list.getSha256())
                .put("md5", list.getMd5())
                .put("pdq", list.getPdq())
                .put("inForce", list.getInForce())
                .put("withdrawn", list.getWithdrawn())
                .put("disabledUntil", until(list.getDisabledUntilMillis()))
                .put("firstExpiry", until(list.getExpiresMillis()))
                .put("imported", until(list.getImportedMillis()))
                .put("importedBy", list.getImportedBy())
                .put("fileSha256", HexFormat.of().formatHex(list.getFileSha256().toByteArray()));
    }

    private static String text(ShownList list) {
        String category = list.getTerms().getCategory();
        String disabled = until(list.getDisabledUntilMillis());
        return String.format(
                Locale.ROOT,
                "%-5d %-5s %-24s %-22s trust %d  %s in force of %s sha256, %s md5, %s pdq%s%n      imported %s by %s,"
                        + " file sha256 %s%s",
                list.getId(),
                kind(list),
                FindingRows.printable(list.getTerms().getSource()),
                FindingRows.printable(category),
                list.getTerms().getTrust(),
                Amounts.count(list.getInForce()),
                Amounts.count(list.getSha256()),
                Amounts.count(list.getMd5()),
                Amounts.count(list.getPdq()),
                disabled.isEmpty() ? "" : "  DISABLED " + disabled,
                until(list.getImportedMillis()),
                FindingRows.printable(list.getImportedBy()),
                HexFormat.of().formatHex(list.getFileSha256().toByteArray()),
                list.getExpiresMillis() == 0 ? "" : ", first entry ends " + until(list.getExpiresMillis()));
    }
}
