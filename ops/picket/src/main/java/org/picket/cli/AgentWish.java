package org.picket.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.picket.proto.v1.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What the operator of a machine wants of the agent that runs on it: one word in a file of the data folder, which is
/// the owner's alone. The agent looks at it once a second; it stays where the agent is started anew, but for `drain`.
///
/// @param data folder of the agent
record AgentWish(Path data) {
    private static final String FILE = "agent.wish";

    /// What is wanted.
    enum Wish {
        /// Takes no further lease until it is to go on; those under way are finished.
        PAUSE,
        /// Finishes all leases under way, however long they take, and ends.
        DRAIN
    }

    private Path path() {
        return data.resolve(FILE);
    }

    /// What is wanted now; a word that is none counts as `pause`: somebody wanted something.
    Optional<Wish> read() {
        try {
            String word = Files.readString(path()).strip().toUpperCase(Locale.ROOT);
            if (word.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(word.equals(Wish.DRAIN.name()) ? Wish.DRAIN : Wish.PAUSE);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Wish.PAUSE);
        }
    }

    /// Whether the agent is to end.
    boolean drains() {
        return read().equals(Optional.of(Wish.DRAIN));
    }

    /// Wants that from now on; empty: nothing.
    void want(Optional<Wish> wish) {
        if (!new MemberFile(data, Role.AGENT).exists()) {
            throw new UsageFault("there is no agent in " + data + "; give the --data that 'picket agent run' has");
        }
        try {
            if (wish.isEmpty()) {
                Files.deleteIfExists(path());
                return;
            }
            Path fresh = path().resolveSibling(FILE + ".new");
            Files.writeString(fresh, wish.get().name().toLowerCase(Locale.ROOT) + "\n");
            Files.move(fresh, path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the agent cannot be told, by " + path() + ": " + e.getMessage(), e);
        }
    }

    /// Tells the agent on this machine.
    abstract static class Tell implements Callable<Integer> {
        private final Optional<Wish> wish;
        private final String said;

        @Mixin
        private CommonOptions common;

        Tell(Optional<Wish> wish, String said) {
            this.wish = wish;
            this.said = said;
        }

        @Override
        public Integer call() {
            new AgentWish(Setting.of(common.configuration()).data()).want(wish);
            System.out.println(said);
            return Exit.COMPLETE;
        }
    }

    /// For a while.
    @Command(name = "pause", description = "has the agent on this machine finish its leases and take no further ones")
    static final class Pause extends Tell {
        Pause() {
            super(Optional.of(Wish.PAUSE), "The agent takes no further lease, until 'picket agent resume'.");
        }
    }

    /// Again.
    @Command(name = "resume", description = "has a paused agent take leases again")
    static final class Resume extends Tell {
        Resume() {
            super(Optional.empty(), "The agent takes leases again.");
        }
    }

    /// To the end.
    @Command(name = "drain", description = "has the agent on this machine finish its leases, however long, and end")
    static final class Drain extends Tell {
        Drain() {
            super(Optional.of(Wish.DRAIN), "The agent finishes its leases and ends.");
        }
    }
}
