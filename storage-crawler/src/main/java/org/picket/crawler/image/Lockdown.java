package org.picket.crawler.image;

/// What a child does to itself before it takes the first object.
final class Lockdown {

    private Lockdown() {}

    /// Gives up all calls of the kernel that decoding does not need, and ties this process's life to its
    /// parent's.
    ///
    /// @return whether the calls are given up; on some systems they cannot be
    static boolean enter() {
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
