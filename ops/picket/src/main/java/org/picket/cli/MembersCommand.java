package org.picket.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.picket.proto.v1.ListMembersRequest;
import org.picket.proto.v1.Member;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lists the members of the collective.
@Command(name = "members", description = "lists the members of the collective; on the coordinator's machine")
final class MembersCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(names = "--json", description = "one JSON array")
    private boolean json;

    @Override
    public Integer call() {
        List<Member> members = new ArrayList<>();
        try (Steward steward = Steward.open(common)) {
            long after = 0;
            List<Member> page;
            do {
                page = steward.members()
                        .list(ListMembersRequest.newBuilder().setAfterId(after).build())
                        .getMembersList();
                members.addAll(page);
                after = page.isEmpty() ? after : page.getLast().getId();
            } while (!page.isEmpty());
        }
        if (json) {
            System.out.println(
                    Json.array(members.stream().map(MembersCommand::json).toList()));
        } else {
            members.forEach(member -> System.out.println(text(member)));
        }
        return Exit.COMPLETE;
    }

    static String text(Member member) {
        return word(member.getRole()) + " " + member.getId() + "  " + word(member.getStanding()) + "  for "
                + FindingRows.printable(member.getOwner())
                + (member.getRegion().isEmpty() ? "" : "  in " + member.getRegion()) + "  " + member.getLeases()
                + " leases  key "
                + HexFormat.of().formatHex(member.getKeyId().toByteArray()) + "  "
                + FindingRows.printable(member.getName())
                + (member.getHeldOutFor().isEmpty()
                        ? ""
                        : "\n  held out: " + FindingRows.printable(member.getHeldOutFor()));
    }

    static Json json(Member member) {
        Json json = new Json()
                .put("id", member.getId())
                .put("role", word(member.getRole()))
                .put("name", member.getName())
                .put("owner", member.getOwner())
                .put("region", member.getRegion())
                .put("standing", word(member.getStanding()))
                .put("key_id", HexFormat.of().formatHex(member.getKeyId().toByteArray()))
                .put("leases", member.getLeases());
        if (!member.getHeldOutFor().isEmpty()) {
            json.put("held_out_for", member.getHeldOutFor());
        }
        return member.getEnrolledMillis() == 0
                ? json
                : json.put(
                        "enrolled",
                        Instant.ofEpochMilli(member.getEnrolledMillis()).toString());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
