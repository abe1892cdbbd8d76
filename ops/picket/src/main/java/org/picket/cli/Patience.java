package org.picket.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.picket.runtime.membership.RemoteMember;

/// Waits for what is not there yet, saying why.
final class Patience {
    private static final Duration COMMAND = Duration.ofSeconds(20);

    private Patience() {}

    /// Waits for a member's certificate as long as it takes, and says what it waits for.
    ///
    /// @return whether there is one; not, where it was to wait no longer
    static boolean untilCertified(RemoteMember member, BooleanSupplier goOn) {
        Said said = new Said();
        return await(member, () -> {
            tries(member, said);
            return goOn.getAsBoolean();
        });
    }

    /// Waits for a member's certificate as a command does that a person waits for: a coordinator that is being
    /// started anew is back before long.
    static void certified(RemoteMember member) {
        long until = System.nanoTime() + COMMAND.toNanos();
        Said said = new Said();
        boolean certified = await(member, () -> {
            if (!member.refused()) {
                tries(member, said);
            }
            return System.nanoTime() < until && !member.refused();
        });
        if (!certified) {
            throw new UsageFault(member.trouble()
                    .map(why -> member.refused() ? why : why + ", which was tried for " + COMMAND.toSeconds() + " s")
                    .orElse("the coordinator did not answer within " + COMMAND.toSeconds() + " s; try again"));
        }
    }

    private static void tries(RemoteMember member, Said said) {
        member.trouble().ifPresent(why -> said.say(why + "; it is tried again"));
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
