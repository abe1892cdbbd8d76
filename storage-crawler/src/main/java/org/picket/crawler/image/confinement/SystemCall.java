package org.picket.crawler.image.confinement;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// Calls of the Linux kernel by their numbers, for what the JDK has no words for: a process giving up rights.
///
/// Needed by children and their launcher, in which nothing else runs; in the process that owns the pool only
/// for a question without effect.
@SuppressWarnings("restricted")
final class SystemCall {

    /// Options of `prctl`.
    static final int SET_PARENT_DEATH_SIGNAL = 1;

    static final int SET_NO_NEW_PRIVILEGES = 38;

    static final int SIGKILL = 9;

    private static final int ARGUMENTS = 6;
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1),
                    Linker.Option.captureCallState("errno"));

    private SystemCall() {}

    /// Makes one call.
    ///
    /// @param arguments up to six; the others are 0
    /// @return what the kernel returned: negative, the number of an error
    static long make(int number, long... arguments) {
        long[] all = Arrays.copyOf(arguments, ARGUMENTS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result =
                    (long) SYSCALL.invokeExact(state, (long) number, all[0], all[1], all[2], all[3], all[4], all[5]);
            return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
        } catch (Throwable fault) {
            throw new IllegalStateException("the system call " + number + " could not be made", fault);
        }
    }
}
