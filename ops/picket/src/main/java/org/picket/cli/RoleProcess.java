package org.picket.cli;

import org.picket.runtime.lifecycle.Interruption;
import org.picket.runtime.lifecycle.Lifecycle;
import org.picket.runtime.time.TimeSource;

/// A process of a collective: coordinator, crawler or agent. It works until its work is over or it is
/// interrupted; then its parts stop in order, and it ends with its work's exit status.
final class RoleProcess {
    private RoleProcess() {}

    /// What a process does.
    interface Work {
        /// @param parts where its parts are started; they are stopped when it returns
        /// @return the exit status
        int run(Lifecycle parts, Interruption interruption) throws InterruptedException;
    }

    static int run(String name, Work work) throws InterruptedException {
        return run(name, () -> {}, work);
    }

    /// @param name what people call it
    /// @param asked told once that it is interrupted, before it ends; returns soon
    static int run(String name, Runnable asked, Work work) throws InterruptedException {
        Lifecycle parts = new Lifecycle(name, TimeSource.system());
        try (Interruption interruption = Interruption.listen(() -> {
            asked.run();
            parts.drain();
        })) {
            int status;
            try (parts) {
                status = work.run(parts, interruption);
            }
            interruption.endWith(status);
            return status;
        }
    }
}
