package org.picket.cli;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.picket.runtime.membership.RemoteMember;

/// Waits for what is not there yet, saying why.
final class Patience {
    private static final long COMMAND_NANOS = java.time.Duration.ofSeconds(20).toNanos();

    private Patience() {}

    /// Waits for a member's certificate as long as it takes, and says what it waits for.
    ///
    /// @return whether there is one; not, where it was to wait no longer
    static boolean untilCertified(RemoteMember member, BooleanSupplier goOn) {
        Said said = new Said();
        return await(member, () -> {
            member.trouble().ifPresent(said::say);
            return goOn.getAsBoolean();
        });
    }

    /// Waits for a member's certificate as a command does that a person waits for.
    static void certified(RemoteMember member) {
        long until = System.nanoTime() + COMMAND_NANOS;
        if (!await(member, () -> System.nanoTime() < until && member.trouble().isEmpty())) {
            throw new UsageFault(member.trouble().orElse("the coordinator did not answer in time; try again"));
        }
    }

    private static boolean await(RemoteMember member, BooleanSupplier goOn) {
        try {
            return member.await(goOn);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Says each thing once, until something else is said.
    static final class Said {
        private Optional<String> last = Optional.empty();

        void say(String words) {
            if (!last.equals(Optional.of(words))) {
                last = Optional.of(words);
                System.err.println("picket: " + FindingRows.printable(words));
            }
        }
    }
}
