package org.picket.crawler.image.confinement;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.picket.crawler.image.confinement.CallNumbers.Call;

/// The list of kernel calls that a child keeps once it is ready, as a seccomp filter (`seccomp(2)`, classic
/// BPF). Whatever is not on it, and so every call that a kernel may get later, is refused by an error: the
/// network, other processes, debugging, mounts, keys, kernel programs, asynchronous rings, and all writing to
/// file systems. Files may be opened to read, since the JVM goes on loading classes; which ones is for
/// [Landlock] or bubblewrap to say.
final class CallFilter {

    private static final int KILL_PROCESS = 0x8000_0000;
    private static final int ERROR = 0x0005_0000;
    private static final int ALLOW = 0x7fff_0000;

    private static final int NO_PERMISSION = 1;
    private static final int NO_ACCESS = 13;
    private static final int NO_SUCH_CALL = 38;

    private static final short LOAD = 0x20;
    private static final short AND = 0x54;
    private static final short IF_EQUAL = 0x15;
    private static final short IF_AT_LEAST = 0x35;
    private static final short RETURN = 0x06;

    /// Where the kernel puts what a filter looks at (`struct seccomp_data`, little-endian).
    private static final int NUMBER = 0;

    private static final int PROCESSOR = 4;
    private static final int FIRST_ARGUMENT = 16;

    /// Any of these in the flags of an opening means more than reading: write, read and write, create,
    /// truncate, a file without a name.
    private static final int MORE_THAN_READING = 0x1 | 0x2 | 0x40 | 0x200 | 0x40_0000;

    private static final int NEW_THREAD = 0x1_0000 | 0x100;
    /// Of the flags of `clone`: a thread of this memory, and no namespace of its own.
    private static final int THREAD_OR_MORE = NEW_THREAD | 0x7e02_0000;

    /// Get and set the flag that closes a file on `exec`, get the mode of a file, duplicate.
    private static final int[] FILE_QUESTIONS = {0, 1, 2, 3, 1030};
    /// Is it a terminal; how many bytes wait.
    private static final int[] DEVICE_QUESTIONS = {0x5401, 0x541b};
    /// Name a thread or a mapping.
    private static final int[] NAMES = {15, 16, 0x5356_4d41};

    private static final int SET_MODE_FILTER = 1;
    /// For all threads at once, or not at all.
    private static final int ALL_THREADS = 1;

    private record Step(short code, int whenTrue, int whenFalse, int value) {}

    private final CallNumbers numbers;
    private final List<Step> program = new ArrayList<>();

    private CallFilter(CallNumbers numbers) {
        this.numbers = numbers;
    }

    /// Puts the list into force for this process, for ever; whether the kernel took it.
    static boolean install(CallNumbers numbers, int processId) {
        List<Step> program = new CallFilter(numbers).write(processId);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment steps = arena.allocate(8L * program.size(), 8);
            ByteBuffer code = steps.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            for (Step step : program) {
                code.putShort(step.code()).put((byte) step.whenTrue()).put((byte) step.whenFalse());
                code.putInt(step.value());
            }
            MemorySegment head = arena.allocate(16, 8);
            head.asByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(program.size())
                    .putLong(steps.address());
            return SystemCall.make(numbers.of(Call.PRCTL), SystemCall.SET_NO_NEW_PRIVILEGES, 1) == 0
                    && SystemCall.make(numbers.of(Call.SECCOMP), SET_MODE_FILTER, ALL_THREADS, head.address()) == 0;
        }
    }

    private List<Step> write(int processId) {
        // Calls of another kind of processor have other numbers: none of those.
        load(PROCESSOR);
        program.add(new Step(IF_EQUAL, 1, 0, numbers.audit()));
        give(KILL_PROCESS);
        load(NUMBER);
        if (numbers.secondTable() != 0) {
            program.add(new Step(IF_AT_LEAST, 0, 1, numbers.secondTable()));
            give(KILL_PROCESS);
        }
        for (int harmless : numbers.harmless()) {
            call(harmless, List.of(giving(ALLOW)));
        }
        Optional.ofNullable(numbers.numbers().get(Call.OPEN))
                .ifPresent(open -> call(open, noneOf(1, MORE_THAN_READING)));
        call(numbers.of(Call.OPENAT), noneOf(2, MORE_THAN_READING));
        call(numbers.of(Call.CLONE), masked(0, THREAD_OR_MORE, NEW_THREAD, NO_PERMISSION));
        call(numbers.of(Call.TGKILL), oneOf(0, processId));
        call(numbers.of(Call.FCNTL), oneOf(1, FILE_QUESTIONS));
        call(numbers.of(Call.IOCTL), oneOf(1, DEVICE_QUESTIONS));
        call(numbers.of(Call.PRCTL), oneOf(0, NAMES));
        call(
                numbers.of(Call.PRLIMIT64),
                List.of(
                        loading(FIRST_ARGUMENT + 16),
                        new Step(IF_EQUAL, 0, 2, 0),
                        loading(FIRST_ARGUMENT + 20),
                        new Step(IF_EQUAL, 1, 0, 0),
                        giving(ERROR | NO_PERMISSION),
                        giving(ALLOW)));
        // Its arguments lie in memory, where a filter cannot look; told that there is no such call, the C library
        // makes its threads by the older one.
        call(CallNumbers.CLONE3, List.of(giving(ERROR | NO_SUCH_CALL)));
        give(ERROR | NO_PERMISSION);
        return program;
    }

    /// What is done for one number; ends in an answer on every path.
    private void call(int number, List<Step> steps) {
        program.add(new Step(IF_EQUAL, 0, steps.size(), number));
        program.addAll(steps);
    }

    private static List<Step> noneOf(int argument, int bits) {
        return masked(argument, bits, 0, NO_ACCESS);
    }

    private static List<Step> masked(int argument, int mask, int wanted, int error) {
        return List.of(
                loading(FIRST_ARGUMENT + 8 * argument),
                new Step(AND, 0, 0, mask),
                new Step(IF_EQUAL, 0, 1, wanted),
                giving(ALLOW),
                giving(ERROR | error));
    }

    private static List<Step> oneOf(int argument, int... values) {
        List<Step> steps = new ArrayList<>();
        steps.add(loading(FIRST_ARGUMENT + 8 * argument));
        for (int value : values) {
            steps.add(new Step(IF_EQUAL, 0, 1, value));
            steps.add(giving(ALLOW));
        }
        steps.add(giving(ERROR | NO_PERMISSION));
        return steps;
    }

    private void load(int offset) {
        program.add(loading(offset));
    }

    private void give(int answer) {
        program.add(giving(answer));
    }

    private static Step loading(int offset) {
        return new Step(LOAD, 0, 0, offset);
    }

    private static Step giving(int answer) {
        return new Step(RETURN, 0, 0, answer);
    }
}
