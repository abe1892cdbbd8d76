package org.picket.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.picket.crawler.source.SourceLocation;
import org.picket.runtime.config.Configuration;

/// The storages that a person names for one crawler: by flags those that have the process's own settings, by a
/// file each those that have some of their own. What is wrong with any of them is told at once.
final class AskedStorages {
    /// Storages of one crawler; their bounds of memory are made for no more.
    static final int MOST = 64;

    private final Configuration process;
    private final FaultList faults;
    private final Map<Grounds, Optional<Declared>> declared = new HashMap<>();

    /// What a storage is ruled by, as files: opened once, however many storages have the same.
    private record Grounds(Setting.Bundles bundles, Optional<PolicyChoice> policy) {}

    /// A storage, before anything is known of it.
    ///
    /// @param where the file that names it; empty: a flag, or the process's settings
    private record Named(Optional<Path> where, Configuration settings, String source) {
        String inWords() {
            return where.map(Path::toString).orElse("--storage " + source);
        }
    }

    /// A storage that can be, as far as its settings say.
    private record Placed(Named named, Setting setting, SourceLocation location) {
        boolean absent() {
            return location instanceof SourceLocation.Directory directory && !Files.isDirectory(directory.path());
        }
    }

    private AskedStorages(Configuration process, FaultList faults) {
        this.process = process;
        this.faults = faults;
    }

    /// Reads what is wanted of each.
    ///
    /// @param sources that flags name
    /// @param once whether each is scanned once, before a person's eyes
    /// @param faults takes up what is wrong; where anything is, the answer is worth nothing
    static List<AskedStorage> of(Configuration process, List<String> sources, boolean once, FaultList faults) {
        return new AskedStorages(process, faults).read(sources, once);
    }

    private List<AskedStorage> read(List<String> flags, boolean once) {
        List<String> sources =
                flags.isEmpty() ? process.get(Keys.STORAGE).stream().toList() : flags;
        List<Path> files = process.get(Keys.STORAGE_FILES).orElse(List.of());
        int count = sources.size() + files.size();
        if (count == 0) {
            faults.add("no storage is named; name a folder, or s3://BUCKET/PREFIX, by --storage, or by "
                    + Keys.STORAGE.name() + " in a file that --storage-file names");
            return List.of();
        }
        if (count > MOST) {
            faults.add(count + " storages are named, and one crawler serves " + MOST
                    + " at most; join a second one, with a --data of its own, for the others");
            return List.of();
        }
        List<Named> named = new ArrayList<>();
        sources.forEach(source -> named.add(new Named(Optional.empty(), process, source)));
        files.forEach(file -> faults.taken(() -> part(file)).ifPresent(named::add));
        List<Placed> placed =
                named.stream().map(this::placed).flatMap(Optional::stream).toList();
        overlaps(placed);
        absent(placed, once);
        return placed.stream().map(this::asked).flatMap(Optional::stream).toList();
    }

    private Named part(Path file) {
        return switch (Configuration.loadPart(Keys.OF_STORAGE, Keys.OF_PROCESS, file)) {
            case Configuration.Outcome.Loaded(Configuration own) ->
                new Named(
                        Optional.of(file),
                        own.over(process),
                        own.get(Keys.STORAGE)
                                .orElseThrow(() -> new UsageFault(file + " names no storage; say which by "
                                        + Keys.STORAGE.name() + " = a folder, or s3://BUCKET/PREFIX")));
            case Configuration.Outcome.Faulty(List<String> found) ->
                throw new UsageFault("the settings of a storage are not in order:\n  " + String.join("\n  ", found));
        };
    }

    private Optional<Placed> placed(Named named) {
        return taken(named, () -> {
            Setting setting = Setting.of(named.settings());
            return new Placed(named, setting, OpenStorage.location(named.source(), setting));
        });
    }

    private <T> Optional<T> taken(Named named, Supplier<T> work) {
        return named.where().isPresent() ? faults.taken(named.inWords(), work) : faults.taken(work);
    }

    private Optional<AskedStorage> asked(Placed placed) {
        Setting setting = placed.setting();
        return declared.computeIfAbsent(
                        new Grounds(setting.bundles(), setting.policy()),
                        _ -> taken(placed.named(), () -> Declared.of(setting)))
                .map(found -> AskedStorage.of(
                        placed.named().settings(),
                        setting,
                        placed.named().source(),
                        placed.location().storageId(),
                        found));
    }

    /// What lies in two storages would be scanned twice, and removed by the rules of either.
    private void overlaps(List<Placed> placed) {
        for (int i = 0; i < placed.size(); i++) {
            for (int j = i + 1; j < placed.size(); j++) {
                Placed one = placed.get(i);
                Placed other = placed.get(j);
                boolean outer = one.location().holds(other.location());
                boolean inner = other.location().holds(one.location());
                if (outer && inner) {
                    faults.add(one.named().inWords() + " and " + other.named().inWords() + " name the same storage, "
                            + one.location().storageId() + "; name it once");
                } else if (outer) {
                    inside(other, one);
                } else if (inner) {
                    inside(one, other);
                }
            }
        }
    }

    private void inside(Placed inner, Placed outer) {
        faults.add("the storage " + inner.location().storageId() + " ("
                + inner.named().inWords()
                + ") lies inside the storage " + outer.location().storageId() + " ("
                + outer.named().inWords() + "), which has all of its objects already; name one of the two, or others");
    }

    /// A folder that is not there is a slip of whoever typed it, where nothing else is to be served or somebody waits;
    /// else a volume that is not mounted, for which the others do not wait.
    private void absent(List<Placed> placed, boolean once) {
        boolean all = placed.stream().allMatch(Placed::absent);
        placed.stream().filter(Placed::absent).forEach(one -> {
            if (all || once) {
                taken(one.named(), () -> OpenStorage.checked(one.named().source(), one.setting()));
            }
        });
    }
}
