package org.picket.crawler.image.confinement;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The numbers of the kernel's calls on one kind of processor, as its headers give them (`asm/unistd.h`).
///
/// @param audit what the kernel calls this kind of processor in a filter
/// @param secondTable calls from this number on belong to another table of the same processor; 0 for none
/// @param harmless what a decoder that has started needs and what needs no look at its arguments: reading and
///     writing what is open, memory, signals of its own, time, threads, facts about itself
/// @param numbers of the calls that are named here
record CallNumbers(int audit, int secondTable, int[] harmless, Map<Call, Integer> numbers) {

    /// Calls that are made here, or that are allowed with some arguments only.
    enum Call {
        /// The older way to open a file, which younger kinds of processors lack.
        OPEN,
        OPENAT,
        CLONE,
        FCNTL,
        IOCTL,
        PRCTL,
        PRLIMIT64,
        TGKILL,
        EXECVE,
        SECCOMP
    }

    /// The same on every kind of processor, as are all younger calls.
    static final int LANDLOCK_CREATE_RULESET = 444;

    static final int LANDLOCK_ADD_RULE = 445;
    static final int LANDLOCK_RESTRICT_SELF = 446;
    static final int CLONE3 = 435;
    private static final int FACCESSAT2 = 439;

    private static final int[] X86_64_HARMLESS = numbers(
            new int[] {0, 1}, // read, write
            span(3, 15), // close, stats, poll, lseek, mmap, mprotect, munmap, brk, signal handling of its own
            new int[] {17, 19, 20, 21, 23, 24, 25, 26, 27, 28}, // pread64 … madvise
            new int[] {32, 33, 35, 39, 60, 63, 79, 89, 96, 97, 98, 99, 100}, // dup … times
            new int[] {102, 104, 107, 108, 110, 131, 158, 186}, // own ids, sigaltstack, arch_prctl, gettid
            new int[] {201, 202, 204, 217, 218, 219, 221, 228, 229, 230, 231}, // time, futex … exit_group
            new int[] {262, 267, 269, 270, 271, 273, 274, 292, 309, 318, 324, 332, 334, FACCESSAT2});

    private static final int[] AARCH64_HARMLESS = numbers(
            new int[] {17, 23, 24, 48, 57, 61, 62, 63, 64, 65, 66, 67}, // getcwd, dup … pread64
            new int[] {72, 73, 78, 79, 80, 93, 94, 96, 98, 99, 100, 101}, // pselect6 … nanosleep
            new int[] {113, 114, 115, 123, 124, 128, 132, 134, 135, 139}, // clocks, signals of its own
            new int[] {153, 160, 163, 165, 168, 169, 172, 173, 174, 175, 176, 177, 178, 179}, // times … sysinfo
            new int[] {214, 215, 216, 222, 223, 226, 227, 232, 233, 278, 283, 291, 293, FACCESSAT2});

    private static final CallNumbers X86_64 = new CallNumbers(
            0xc000_003e,
            0x4000_0000,
            X86_64_HARMLESS,
            Map.of(
                    Call.OPEN, 2,
                    Call.OPENAT, 257,
                    Call.CLONE, 56,
                    Call.FCNTL, 72,
                    Call.IOCTL, 16,
                    Call.PRCTL, 157,
                    Call.PRLIMIT64, 302,
                    Call.TGKILL, 234,
                    Call.EXECVE, 59,
                    Call.SECCOMP, 317));
    private static final CallNumbers AARCH64 = new CallNumbers(
            0xc000_00b7,
            0,
            AARCH64_HARMLESS,
            Map.of(
                    Call.OPENAT, 56,
                    Call.CLONE, 220,
                    Call.FCNTL, 25,
                    Call.IOCTL, 29,
                    Call.PRCTL, 167,
                    Call.PRLIMIT64, 261,
                    Call.TGKILL, 131,
                    Call.EXECVE, 221,
                    Call.SECCOMP, 277));

    /// The number of a call that every kind of processor has.
    int of(Call call) {
        return numbers.get(call);
    }

    /// Those of this machine, where it is a Linux of a kind known here.
    static Optional<CallNumbers> ofThisMachine() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")) {
            return Optional.empty();
        }
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> Optional.of(X86_64);
            case "aarch64" -> Optional.of(AARCH64);
            default -> Optional.empty();
        };
    }

    private static int[] numbers(int[]... parts) {
        return Stream.of(parts).flatMapToInt(IntStream::of).toArray();
    }

    private static int[] span(int first, int last) {
        return IntStream.rangeClosed(first, last).toArray();
    }
}
