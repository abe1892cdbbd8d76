package org.picket.coordinator.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The account that the server runs under. PostgreSQL refuses to run as root, and rightly so.
///
/// An ordinary user runs it as himself. For root there are two ways, in this order:
///
/// 1. *Another user* (65534, "nobody" almost everywhere): the server really has no right to anything but its
///    own data. It needs a directory which that user can reach, so not one below a `/root` that is closed to
///    others.
/// 2. *A user namespace of its own*: the server keeps root's files within reach but has none of root's powers,
///    and sees itself as an ordinary user. Needs no reachable directory; containers often forbid it.
///
/// A directory keeps the way that it was made with, because its files belong to that owner.
///
/// @param prefix words to put before a server program
/// @param owner who owns the data, where that is not this process's user
record ServerAccount(List<String> prefix, Optional<Integer> owner) {
    private static final int ROOT = 0;
    private static final int NOBODY = 65_534;
    private static final Path SHELL = Path.of("/bin/sh");
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);

    /// Chooses for a server whose programs are in `binaries` and whose data is, or will be, in `cluster`.
    static ServerAccount choose(Path dir, ServerBinaries binaries, Path cluster) {
        try {
            if (currentUser(dir) != ROOT) {
                return new ServerAccount(List.of(), Optional.empty());
            }
            if (Files.isDirectory(cluster)) {
                return forOwner(dir, binaries, ownerOf(cluster));
            }
            return fresh(dir, binaries);
        } catch (IOException e) {
            throw new DatabaseException("cannot look at the database directory " + dir + ": " + e.getMessage(), e);
        }
    }

    List<String> command(Path program, List<String> arguments) {
        List<String> words = new ArrayList<>(prefix);
        words.add(program.toString());
        words.addAll(arguments);
        return List.copyOf(words);
    }

    private static ServerAccount fresh(Path dir, ServerBinaries binaries) throws IOException {
        var before = Files.getPosixFilePermissions(dir);
        // Others may pass through, not look around: what is secret below has rights of its own.
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx--x--x"));
        Optional<ServerAccount> other = otherUser(dir, binaries, NOBODY);
        if (other.isPresent()) {
            return other.get();
        }
        Files.setPosixFilePermissions(dir, before);
        return namespace(dir, binaries).orElseThrow(() -> unreachable(dir));
    }

    private static ServerAccount forOwner(Path dir, ServerBinaries binaries, int owner) {
        Optional<ServerAccount> account = owner == ROOT ? namespace(dir, binaries) : otherUser(dir, binaries, owner);
        return account.orElseThrow(() -> owner == ROOT
                ? new DatabaseException("the database in " + dir + " belongs to root, PostgreSQL refuses to run as"
                        + " root, and this system forbids user namespaces. Give the directory to an ordinary user"
                        + " (chown -R) and run Picket as that user.")
                : unreachable(dir));
    }

    private static DatabaseException unreachable(Path dir) {
        return new DatabaseException("PostgreSQL refuses to run as root, and no other user can reach " + dir
                + ". Run Picket as an ordinary user, or choose a directory whose parents all users may pass"
                + " through (chmod o+x), for example below /var/lib.");
    }

    private static Optional<ServerAccount> otherUser(Path dir, ServerBinaries binaries, int uid) {
        String id = Integer.toString(uid);
        return firstThatRuns(
                dir,
                binaries,
                Optional.of(uid),
                List.of(
                        List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--"),
                        List.of("setpriv", "--reuid=" + id, "--clear-groups", "--"),
                        List.of("runuser", "-u", "nobody", "--")));
    }

    private static Optional<ServerAccount> namespace(Path dir, ServerBinaries binaries) {
        return firstThatRuns(dir, binaries, Optional.empty(), List.of(List.of("unshare", "--user", "--")));
    }

    private static Optional<ServerAccount> firstThatRuns(
            Path dir, ServerBinaries binaries, Optional<Integer> owner, List<List<String>> prefixes) {
        return prefixes.stream()
                .map(prefix -> new ServerAccount(prefix, owner))
                .filter(account -> account.runs(dir, binaries))
                .findFirst();
    }

    /// Whether it may both enter `dir` and run the programs, which may lie elsewhere.
    private boolean runs(Path dir, ServerBinaries binaries) {
        List<String> probe = command(
                SHELL,
                List.of(
                        "-c",
                        "cd \"$1\" && exec \"$2\" --version",
                        "sh",
                        dir.toString(),
                        binaries.program("postgres").toString()));
        return ServerProgram.run(probe, "", dir, PROBE_LIMIT).succeeded();
    }

    /// The user that this process writes files as: asked of the file system, so that it is right in a namespace
    /// too.
    private static int currentUser(Path dir) throws IOException {
        Path probe = Files.createTempFile(dir, ".probe-", "");
        try {
            return ownerOf(probe);
        } finally {
            Files.delete(probe);
        }
    }

    private static int ownerOf(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
