package org.picket.agent.inference;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Keeps ONNX Runtime from reporting to its maker. The published natives of 1.29 do so on Linux and macOS: at
/// their first use they read the machine id and the command line, write a log into the temporary folder and an
/// identifier into the home folder, and send events about sessions and models to a server
/// (microsoft/onnxruntime pull requests 27379 and 29843). They also crash the whole process where the command
/// line has more than some 4,000 bytes, which a long class path easily has. An agent has nothing to tell to
/// anyone but its coordinator.
///
/// The one switch that stops all of it is an environment variable, read once, so it must be in the C library's
/// environment before the runtime begins; the JDK offers no other way to set one there.
final class Telemetry {
    static final String SWITCH = "ORT_DISABLE_TELEMETRY";

    private static final String ON = "1";

    private Telemetry() {}

    /// Sets the switch for this process. Windows has no `setenv`; its natives leave events to the system's own
    /// tracing, and the session is told to make none.
    @SuppressWarnings("restricted")
    static void forbid() {
        if (ON.equals(System.getenv(SWITCH))) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
        if (setenv.isEmpty()) {
            return;
        }
        MethodHandle call = linker.downcallHandle(
                setenv.get(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int failed = (int) call.invokeExact(arena.allocateFrom(SWITCH), arena.allocateFrom(ON), 1);
            if (failed != 0) {
                throw new IllegalStateException("The C library refused to set " + SWITCH + ".");
            }
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable impossible) {
            throw new IllegalStateException("A call into the C library threw.", impossible);
        }
    }
}
