package org.picket.crawler.image.confinement;

/// What a child does to itself before it takes the first object.
public final class Lockdown {

    private static final int SET_PIPE_SIZE = 1031;
    /// Room for most objects and for the views of most: each then goes through in one piece, and each end wakes
    /// once. The kernel gives that much to everybody.
    private static final int PIPE_BYTES = 1 << 20;

    private static final int INPUT = 0;
    private static final int OUTPUT = 1;

    private Lockdown() {}

    /// Widens the pipes to the parent; they work as they are where the system does not.
    public static void widenPipes() {
        try {
            CallNumbers.ofThisMachine().ifPresent(numbers -> {
                int control = numbers.of(CallNumbers.Call.FCNTL);
                SystemCall.make(control, INPUT, SET_PIPE_SIZE, PIPE_BYTES);
                SystemCall.make(control, OUTPUT, SET_PIPE_SIZE, PIPE_BYTES);
            });
        } catch (IllegalStateException | LinkageError unavailable) {
            return;
        }
    }

    /// Gives up all calls of the kernel that decoding does not need, and ties this process's life to its
    /// parent's.
    ///
    /// @return whether the calls are given up; on some systems they cannot be
    public static boolean enter() {
        try {
            return CallNumbers.ofThisMachine().map(Lockdown::enter).orElse(false);
        } catch (IllegalStateException | LinkageError unavailable) {
            return false;
        }
    }

    private static boolean enter(CallNumbers numbers) {
        int self = (int) ProcessHandle.current().pid();
        // The end of the input ends this process already, but not if an object has taken it over.
        SystemCall.make(numbers.of(CallNumbers.Call.PRCTL), SystemCall.SET_PARENT_DEATH_SIGNAL, SystemCall.SIGKILL);
        return CallFilter.install(numbers, self);
    }
}
