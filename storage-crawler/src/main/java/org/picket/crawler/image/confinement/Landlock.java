package org.picket.crawler.image.confinement;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.picket.crawler.image.confinement.CallNumbers.Call;

/// Hides all files but those named from this thread and whatever it becomes (`landlock(7)`, Linux 5.13 and
/// later; needs no privilege).
///
/// It binds the calling thread and threads and programs started from it, not the other threads of a JVM: so a
/// launcher calls this and then becomes the child. That a file is there, its size and its times stay visible.
final class Landlock {

    private static final int EXECUTE = 1;
    private static final int WRITE_FILE = 1 << 1;
    private static final int READ_FILE = 1 << 2;
    private static final int READ_FOLDER = 1 << 3;
    private static final int TRUNCATE = 1 << 14;
    private static final int READ = EXECUTE | READ_FILE | READ_FOLDER;
    private static final int OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;
    /// All that has to do with plain files, folders and links in a folder of one's own.
    private static final int WRITE =
            READ | WRITE_FILE | TRUNCATE | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 12 | 1 << 13;

    private static final int NETWORK_SINCE = 4;
    private static final int SCOPES_SINCE = 6;
    private static final long TCP = 3;
    /// Signals to, and nameless sockets of, processes outside.
    private static final long OUTSIDE = 3;

    private static final int ASK_VERSION = 1;
    private static final int PATH_BENEATH = 1;
    private static final int HERE = -100;
    private static final int ONLY_A_NAME = 0x20_0000 | 0x8_0000;

    private final CallNumbers numbers;
    private final int version;

    private Landlock(CallNumbers numbers, int version) {
        this.numbers = numbers;
        this.version = version;
    }

    /// The version that this kernel has, or 0 where it has none, or none that is switched on.
    static int version() {
        return CallNumbers.ofThisMachine()
                .map(_ -> (int) Math.max(0, SystemCall.make(CallNumbers.LANDLOCK_CREATE_RULESET, 0, 0, ASK_VERSION)))
                .orElse(0);
    }

    /// Leaves this thread, and what it becomes, no files but these.
    ///
    /// @param readable files and folders to read and run; those that are not there are left out
    /// @param writable a folder to do anything in that has to do with files
    /// @throws IllegalStateException if the kernel refuses
    static void confine(CallNumbers numbers, List<Path> readable, Path writable) {
        new Landlock(numbers, version()).confine(readable, writable);
    }

    private void confine(List<Path> readable, Path writable) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rules = arena.allocate(24, 8);
            ByteBuffer fields = rules.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            fields.putLong(known());
            fields.putLong(version >= NETWORK_SINCE ? TCP : 0);
            fields.putLong(version >= SCOPES_SINCE ? OUTSIDE : 0);
            long size = version >= SCOPES_SINCE ? 24 : version >= NETWORK_SINCE ? 16 : 8;
            long ruleset =
                    must(SystemCall.make(CallNumbers.LANDLOCK_CREATE_RULESET, rules.address(), size, 0), "a ruleset");
            for (Path path : readable) {
                if (Files.exists(path)) {
                    allow(arena, ruleset, path, READ);
                }
            }
            allow(arena, ruleset, Path.of("/dev/null"), READ | WRITE_FILE);
            allow(arena, ruleset, writable, WRITE);
            must(SystemCall.make(numbers.of(Call.PRCTL), SystemCall.SET_NO_NEW_PRIVILEGES, 1), "no new privileges");
            must(SystemCall.make(CallNumbers.LANDLOCK_RESTRICT_SELF, ruleset, 0), "the restriction");
        }
    }

    private void allow(Arena arena, long ruleset, Path path, int rights) {
        MemorySegment name = arena.allocateFrom(path.toString());
        long file = must(SystemCall.make(numbers.of(Call.OPENAT), HERE, name.address(), ONLY_A_NAME), path.toString());
        MemorySegment rule = arena.allocate(12, 8);
        long granted = rights & known() & (Files.isDirectory(path) ? -1 : OF_FILES);
        rule.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).putLong(granted).putInt((int) file);
        must(SystemCall.make(CallNumbers.LANDLOCK_ADD_RULE, ruleset, PATH_BENEATH, rule.address(), 0), path.toString());
    }

    /// The rights on files that this version can take away; each was added behind the last.
    private long known() {
        int bits = switch (version) {
            case 1 -> 13;
            case 2 -> 14;
            case 3, 4 -> 15;
            default -> 16;
        };
        return (1L << bits) - 1;
    }

    private static long must(long result, String what) {
        if (result < 0) {
            throw new IllegalStateException("Landlock refuses " + what + " (error " + -result + ")");
        }
        return result;
    }
}
