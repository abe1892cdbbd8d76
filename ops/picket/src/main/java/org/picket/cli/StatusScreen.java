package org.picket.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.picket.proto.v1.AgentEquipment;
import org.picket.proto.v1.LeaseRow;
import org.picket.proto.v1.LookResponse;
import org.picket.proto.v1.MemberRow;
import org.picket.proto.v1.NoLease;
import org.picket.proto.v1.Role;
import org.picket.proto.v1.ScanRow;
import org.picket.proto.v1.Span;
import org.picket.proto.v1.Standing;
import org.picket.proto.v1.StorageRow;
import org.picket.proto.v1.StuckShard;
import org.picket.runtime.terminal.Amounts;
import org.picket.runtime.terminal.Screen;

/// How work stands, as lines for people. Pure.
final class StatusScreen {
    /// Who was not heard of for longer is not connected: agents and crawlers call at least each half a minute.
    private static final Duration CONNECTED = Duration.ofSeconds(90);

    /// Lines that leases have at least, where there are as many.
    private static final int LEASE_LINES = 4;

    private static final int STUCK_SHARDS = 5;

    /// Lines that coordinators have at least, where there are as many.
    private static final int COORDINATOR_LINES = 3;

    private StatusScreen() {}

    /// All there is, however wide and long.
    static List<String> whole(LookResponse answer) {
        return lines(answer, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /// So much as fits: what is left out is counted.
    static List<String> lines(LookResponse answer, int columns, int rows) {
        List<String> storages = answer.getStoragesList().stream()
                .flatMap(row -> storage(row).stream())
                .toList();
        List<String> leases =
                answer.getLeasesList().stream().map(StatusScreen::lease).toList();
        List<String> members = answer.getMembersList().stream()
                .filter(StatusScreen::worthALine)
                .map(member -> member(member, answer))
                .toList();
        List<String> lines = new ArrayList<>(head(answer));
        if (answer.getCoordinatorsCount() > 1) {
            List<String> coordinators = answer.getCoordinatorsList().stream()
                    .map(StatusWords::coordinator)
                    .toList();
            section(
                    lines,
                    "COORDINATORS",
                    coordinators,
                    Math.min(coordinators.size(), Math.max(COORDINATOR_LINES, rows / 4)),
                    coordinators.size());
        }
        int room = rows - lines.size() - 3;
        int leaseRoom = Math.min(leases.size(), Math.max(LEASE_LINES, room - storages.size() - members.size()));
        int memberRoom = Math.min(members.size(), Math.max(1, room - leaseRoom - storages.size()));
        section(lines, "STORAGES", storages, Math.max(1, room - leaseRoom - memberRoom), storages.size());
        section(lines, "LEASES, the oldest first", leases, leaseRoom, answer.getLeasesAll());
        section(lines, "MEMBERS", members, memberRoom, members.size());
        return lines.stream()
                .limit(rows)
                .map(line -> Screen.cut(FindingRows.printable(line), columns))
                .toList();
    }

    /// For logs: how all stands in one line, and a line for each scan under way.
    static List<String> plain(LookResponse answer) {
        List<String> lines = new ArrayList<>(head(answer).subList(0, 1));
        answer.getStoragesList().stream()
                .filter(StorageRow::hasScan)
                .forEach(row -> storage(row).forEach(line -> lines.add(line.strip())));
        return lines.stream().map(Shown::text).toList();
    }

    private static void section(List<String> lines, String name, List<String> rows, int room, int all) {
        if (rows.isEmpty()) {
            return;
        }
        lines.add(name);
        boolean fits = all <= room;
        int shown = fits ? rows.size() : Math.min(rows.size(), Math.max(0, room - 1));
        lines.addAll(rows.subList(0, shown));
        if (!fits) {
            lines.add("  … and " + Amounts.count((long) all - shown) + " more");
        }
    }

    private static List<String> head(LookResponse answer) {
        List<String> first = new ArrayList<>();
        first.add(Amounts.count(answer.getLeasesAll()) + (answer.getLeasesAll() == 1 ? " lease" : " leases"));
        answer.getLeasesList().stream().findFirst().ifPresent(oldest -> first.add("oldest " + span(oldest.getAge())));
        first.add(members(answer, Role.AGENT, "agents"));
        first.add(members(answer, Role.CRAWLER, "crawlers"));
        if (answer.getOtherCoordinators() > 0) {
            first.add(answer.getOtherCoordinators() + " other coordinators, whose leases are not shown");
        }
        if (answer.getDraining()) {
            first.add("DRAINING: this coordinator grants nothing more");
        }
        List<String> head = new ArrayList<>(List.of(String.join(" · ", first)));
        head.addAll(StatusWords.builds(answer));
        waits(answer).ifPresent(head::add);
        return head;
    }

    private static String members(LookResponse answer, Role role, String word) {
        List<MemberRow> all = answer.getMembersList().stream()
                .filter(member -> member.getRole() == role)
                .toList();
        long connected = all.stream().filter(StatusScreen::connected).count();
        StringBuilder text = new StringBuilder(connected + " of " + all.size() + " " + word + " connected");
        Map<Standing, Long> others = new EnumMap<>(Standing.class);
        all.stream()
                .filter(member -> member.getStanding() != Standing.ACTIVE)
                .forEach(member -> others.merge(member.getStanding(), 1L, Long::sum));
        others.forEach(
                (standing, count) -> text.append(", ").append(count).append(' ').append(word(standing)));
        return text.toString();
    }

    private static boolean connected(MemberRow member) {
        return member.hasHeard() && member.getHeard().getMilliseconds() <= CONNECTED.toMillis();
    }

    /// Why those agents that are connected got no lease, by reason.
    private static Optional<String> waits(LookResponse answer) {
        Map<NoLease.Reason, Integer> reasons = new EnumMap<>(NoLease.Reason.class);
        answer.getMembersList().stream()
                .filter(member -> connected(member) && member.hasNone())
                .forEach(member -> reasons.merge(member.getNone().getReason(), 1, Integer::sum));
        return reasons.isEmpty()
                ? Optional.empty()
                : Optional.of("agents without a further lease: "
                        + String.join(
                                " · ",
                                reasons.entrySet().stream()
                                        .map(each -> each.getValue() + " " + each.getKey())
                                        .toList()));
    }

    private static List<String> storage(StorageRow row) {
        String name = "  storage " + row.getStorageId() + "  " + row.getSite() + "  " + row.getIdentity();
        if (!row.hasScan()) {
            return List.of(name + "  no scan under way · circle " + StatusWords.shortCircle(row));
        }
        ScanRow scan = row.getScan();
        List<String> lines = new ArrayList<>(List.of(
                name,
                "    " + String.join(" · ", counts(scan)),
                "    " + String.join(" · ", pace(scan)),
                "    " + String.join(" · ", terms(row))));
        scan.getStuckList().forEach(reason -> lines.add("    ! " + reason));
        scan.getStuckShardsList().stream().limit(STUCK_SHARDS).forEach(shard -> lines.add("    ! " + stuck(shard)));
        if (scan.getStuckShardsCount() > STUCK_SHARDS) {
            lines.add("    ! … and " + (scan.getStuckShardsCount() - STUCK_SHARDS) + " more such shards");
        }
        return lines;
    }

    private static List<String> terms(StorageRow row) {
        String circle = "circle " + StatusWords.shortCircle(row);
        String lane = StatusWords.lane(row.getScan());
        return lane.isEmpty() ? List.of(circle) : List.of("lane " + lane, circle);
    }

    private static List<String> counts(ScanRow scan) {
        List<String> parts = new ArrayList<>();
        parts.add(Amounts.count(scan.getListed() - scan.getOpen()) + " of " + Amounts.count(scan.getListed())
                + (scan.getListingFinished() ? "" : "+") + " objects");
        parts.add(Amounts.count(scan.getShardsOpen()) + " shards open");
        parts.add(Amounts.count(scan.getLeases()) + " leased");
        parts.add(Amounts.count(scan.getFlagged()) + " flagged");
        parts.add(Amounts.count(scan.getInconclusive()) + " inconclusive");
        return parts;
    }

    private static List<String> pace(ScanRow scan) {
        List<String> parts = new ArrayList<>();
        if (scan.hasPace()) {
            parts.add(Amounts.rate(scan.getPace().getObjects(), "objects"));
            parts.add(Amounts.rate(scan.getPace().getViews(), "views"));
            parts.add(Amounts.byteRate(scan.getPace().getBytes()) + " read");
        } else {
            parts.add("pace not known yet");
        }
        parts.add(scan.hasEta() ? "ETA " + span(scan.getEta()) : "no ETA");
        parts.add("begun " + span(scan.getAge()) + " ago");
        return parts;
    }

    private static String stuck(StuckShard shard) {
        return "shard " + shard.getShardId() + ": " + shard.getLeases()
                + " leases in a row got no object from the crawler, again "
                + (shard.getAgain().getMilliseconds() > 0 ? "in " + span(shard.getAgain()) : "now");
    }

    private static String lease(LeaseRow lease) {
        return "  agent %d  storage %d  shard %d  ruled %s, scored %s, supplied %s of %s  age %s  left %s  still %s"
                .formatted(
                        lease.getAgentMemberId(),
                        lease.getStorageId(),
                        lease.getShardId(),
                        Amounts.count(lease.getRuled()),
                        Amounts.count(lease.getScored()),
                        Amounts.count(lease.getSupplied()),
                        Amounts.count(lease.getObjects()),
                        span(lease.getAge()),
                        span(lease.getLeft()),
                        span(lease.getStill()));
    }

    /// Agents and crawlers that may speak or did of late, and who was silenced.
    private static boolean worthALine(MemberRow member) {
        return member.getRole() == Role.AGENT || member.getRole() == Role.CRAWLER;
    }

    private static String member(MemberRow member, LookResponse answer) {
        StringBuilder text = new StringBuilder("  ")
                .append(word(member.getRole()))
                .append(' ')
                .append(member.getId())
                .append("  for ")
                .append(member.getOwner())
                .append(" (")
                .append(member.getName())
                .append(")  ")
                .append(word(member.getStanding()));
        if (!member.getHeldOutFor().isEmpty()) {
            text.append(": ").append(member.getHeldOutFor());
        }
        if (member.getStanding() == Standing.DRAINING) {
            text.append(", ")
                    .append(member.getLeases())
                    .append(member.getLeases() == 1 ? " lease" : " leases")
                    .append(" left");
        }
        if (member.getStanding() == Standing.ACTIVE || member.getStanding() == Standing.DRAINING) {
            text.append(", ").append(presence(member));
        }
        if (member.hasBuild() && answer.hasBuild() && !member.getBuild().equals(answer.getBuild())) {
            text.append("  ").append(StatusWords.build(member.getBuild()));
        }
        if (member.getRole() == Role.AGENT) {
            text.append("  ")
                    .append(member.getLeases())
                    .append(" of ")
                    .append(member.getQuota())
                    .append(" leases")
                    .append(equipment(member));
            if (connected(member) && member.hasNone()) {
                text.append("  no further one: ").append(member.getNone().getReason());
                if (!member.getNone().getDetail().isEmpty()) {
                    text.append(", ").append(member.getNone().getDetail());
                }
            }
        }
        return text.toString();
    }

    private static String equipment(MemberRow member) {
        if (!member.hasEquipment()) {
            return "";
        }
        AgentEquipment has = member.getEquipment();
        return ", " + has.getBundles() + (has.getBundles() == 1 ? " bundle" : " bundles")
                + (has.getProviderClass().isEmpty() ? "" : " by " + has.getProviderClass())
                + (has.getMemoryBytes() == 0 ? "" : " in " + Amounts.bytes(has.getMemoryBytes()))
                + (member.getObjectsPerSecond() > 0 ? ", " + Amounts.rate(member.getObjectsPerSecond(), "objects") : "")
                + (member.getProven() ? "" : ", not proven yet");
    }

    private static String presence(MemberRow member) {
        if (!member.hasHeard()) {
            return "not heard of";
        }
        return connected(member) ? "connected" : "last heard of " + span(member.getHeard()) + " ago";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static String span(Span span) {
        return Amounts.span(Duration.ofMillis(span.getMilliseconds()));
    }
}
