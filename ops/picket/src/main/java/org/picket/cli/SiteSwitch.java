package org.picket.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.picket.proto.v1.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What a site's admin has switched on beside the storages: a file in the crawler's data folder, which is the owner's
/// alone. It holds for all storages of that crawler, at once, whatever a coordinator says, and also where the crawler
/// is started anew.
///
/// @param file that is there while it is on
record SiteSwitch(Path file) {
    /// Nothing is removed, restored or deleted; what was begun stays as it is until the switch is off.
    static SiteSwitch removalsStopped(Path data) {
        return new SiteSwitch(data.resolve("stop-removals"));
    }

    /// Nothing is listed or supplied; orders are carried out.
    static SiteSwitch paused(Path data) {
        return new SiteSwitch(data.resolve("crawler.paused"));
    }

    boolean isOn() {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    void turn(boolean on) {
        try {
            if (on) {
                Files.createFile(file);
            } else {
                Files.deleteIfExists(file);
            }
        } catch (FileAlreadyExistsException stillOn) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("the crawler cannot be told, by " + file + ": " + e.getMessage(), e);
        }
    }

    /// Tells the crawler on this machine.
    abstract static class Tell implements Callable<Integer> {
        @Mixin
        private CommonOptions common;

        /// What is to be done in that data folder.
        ///
        /// @return what is so from now on
        abstract String tell(Path data);

        @Override
        public Integer call() {
            Path data = Setting.of(common.configuration()).data();
            if (!new MemberFile(data, Role.CRAWLER).exists()) {
                throw new UsageFault(
                        "there is no crawler in " + data + "; give the --data that 'picket crawler run' has");
            }
            System.out.println(tell(data));
            return Exit.COMPLETE;
        }
    }

    /// The kill switch.
    @Command(
            name = "stop-removals",
            description =
                    "has the crawler on this machine remove and restore nothing from now on, at any of its storages, whatever"
                            + " is ordered")
    static final class StopRemovals extends Tell {
        @Override
        String tell(Path data) {
            removalsStopped(data).turn(true);
            return "Nothing is removed or restored at any storage of this crawler, until 'picket crawler allow-removals'. Orders wait.";
        }
    }

    /// Its other side.
    @Command(name = "allow-removals", description = "has a crawler whose removals were stopped carry out orders again")
    static final class AllowRemovals extends Tell {
        @Override
        String tell(Path data) {
            removalsStopped(data).turn(false);
            return "Orders are carried out again, those that waited first.";
        }
    }

    /// For a while.
    @Command(
            name = "pause",
            description =
                    "has the crawler on this machine list nothing and send no further views, of any of its storages; leases"
                            + " under way are finished, orders carried out")
    static final class Pause extends Tell {
        @Override
        String tell(Path data) {
            paused(data).turn(true);
            return "The crawler lists nothing and sends no further views, of any of its storages, until 'picket crawler resume'."
                    + " Leases under way are finished, orders carried out.";
        }
    }

    /// Again.
    @Command(name = "resume", description = "has a paused crawler go on where it was")
    static final class Resume extends Tell {
        @Override
        String tell(Path data) {
            paused(data).turn(false);
            return "The crawler goes on where it was.";
        }
    }
}
