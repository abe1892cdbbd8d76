package org.picket.crawler.removal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.picket.crawler.source.Folder;
import org.picket.crawler.source.ListPage;
import org.picket.crawler.source.ObjectReference;
import org.picket.crawler.source.Scope;
import org.picket.proto.id.FindingId;
import org.picket.proto.id.OrderId;
import org.picket.proto.seal.Digest;

/// A folder with removals on it, whose process can die and start again.
final class FolderFixture {

    static final Instant NOW = Instant.parse("2026-11-21T06:00:00Z");

    final Path base;
    final Path root;
    final Path stop;
    private final Folder folder;
    private long orders;

    FolderFixture(Path base) throws IOException {
        this.base = base;
        this.root = Files.createDirectory(base.resolve("files"));
        this.stop = base.resolve("STOP");
        this.folder = Folder.open(root, Files.createDirectory(base.resolve("data")));
    }

    Path put(String key, String content) throws IOException {
        Path path = root.resolve(key);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, content);
    }

    SiteRules rules(int purgesPerHour) {
        return new SiteRules(EnumSet.allOf(RemovalAction.class), purgesPerHour, stop);
    }

    /// As a process started anew would see it.
    OrderDesk desk(SiteRules rules) throws IOException {
        return new OrderDesk(rules, new KillSwitch(stop), procedure(), base.resolve("removals"));
    }

    OrderDesk desk() throws IOException {
        return desk(rules(SiteRules.DEFAULT_PURGES_PER_HOUR));
    }

    FolderRemovals removals() {
        return FolderRemovals.open(folder, rules(SiteRules.DEFAULT_PURGES_PER_HOUR), base.resolve("removals"));
    }

    FolderProcedure procedure() {
        return new FolderProcedure(new Custody(folder.root(), new KillSwitch(stop)), folder::lists);
    }

    Outcome carryOut(RemovalOrder order) throws IOException {
        try (OrderDesk desk = desk()) {
            return desk.carryOut(order, NOW);
        }
    }

    /// Does the first steps of an order and dies.
    Optional<Outcome> dieAfter(RemovalOrder order, int steps) throws IOException {
        try (OrderDesk desk = desk()) {
            List<Step> all = procedure().steps(order, desk.record(order));
            return Step.run(all.subList(0, steps), new KillSwitch(stop));
        }
    }

    List<Step> steps(RemovalOrder order) throws IOException {
        try (OrderDesk desk = desk()) {
            return procedure().steps(order, desk.record(order));
        }
    }

    RemovalOrder order(RemovalAction action, String key, String content, Optional<RemovalOrder> quarantine) {
        folder.refresh();
        String version = find(key).map(ObjectReference::version).orElse("0-0-0");
        return order(action, key, version, content, quarantine);
    }

    RemovalOrder order(
            RemovalAction action, String key, String version, String content, Optional<RemovalOrder> quarantine) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return new RemovalOrder(
                new OrderId(new UUID(7, ++orders)),
                new FindingId(orders),
                action,
                key,
                version,
                Digest.of(bytes),
                bytes.length,
                quarantine.map(RemovalOrder::orderId));
    }

    private Optional<ObjectReference> find(String key) {
        Optional<String> after = Optional.empty();
        do {
            ListPage page = folder.list(Scope.ALL, after, 100);
            Optional<ObjectReference> found = page.objects().stream()
                    .filter(object -> object.key().equals(key))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
            after = page.next();
        } while (after.isPresent());
        return Optional.empty();
    }

    /// Everything below the base but the records: path, content and mode; links as what they point to.
    Map<String, String> state() throws IOException {
        Map<String, String> state = new TreeMap<>();
        for (Path top : List.of(root, base.resolve("outside"))) {
            if (!Files.exists(top)) {
                continue;
            }
            try (var files = Files.walk(top)) {
                for (Path path : files.toList()) {
                    if (Files.isSymbolicLink(path)) {
                        state.put(path.toString(), "-> " + Files.readSymbolicLink(path));
                    } else if (Files.isRegularFile(path)) {
                        Set<?> mode = new java.util.TreeSet<>(Files.getPosixFilePermissions(path));
                        state.put(path.toString(), Files.readString(path) + mode);
                    }
                }
            }
        }
        return state;
    }
}
